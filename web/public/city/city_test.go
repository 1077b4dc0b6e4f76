package city_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"khue/people"
	"khue/regulation"
	"khue/web/public/city"
	"khue/web/webtest"
)

func TestSpeakers(t *testing.T) {
	k := webtest.New(t, city.Register)
	b := k.Visitor(t)
	b.Get("/speakers").Has(t, http.StatusOK, "Chưa có cơ quan nào", "146 cơ quan chưa giao")
	head := k.Account(t, "Lê Giám Đốc", regulation.Post{Role: regulation.OfficeHead, Office: "00004"})
	s, err := k.People.AssignSpokesperson(k.Ctx, head, people.Assign{Office: "00004", Name: "Phạm <b>Thu</b> Ngân", Title: "Phó Chủ tịch", TitleEN: "Vice Chair", Phone: "+84 24 3825 0000", Email: "ngan@badinh.example", Paper: "1/QĐ"})
	if err != nil {
		t.Fatal(err)
	}
	k.Clock.Add(time.Hour) // what was kept is too old
	b.Get("/speakers").Has(t, http.StatusOK, "Phạm &lt;b&gt;Thu&lt;/b&gt; Ngân", `href="tel:+842438250000"`, `href="mailto:ngan@badinh.example"`, "Phường, xã", "145 cơ quan")
	b.Get("/en/speakers").Has(t, http.StatusOK, "Vice Chair", "Ward or commune", "Ba Dinh Ward")
	for _, q := range []string{"ba dinh", "Phường Trúc Bạch", "truc bach", "00004"} {
		b.Get("/speakers?q="+url.QueryEscape(q)).Has(t, http.StatusOK, "Phường Ba Đình", "+84 24 3825 0000", "Phường Trúc Bạch, Quận Ba Đình")
	}
	b.Get("/speakers?q=so+xay+dung").Has(t, http.StatusOK, "Sở Xây dựng", "người đứng đầu phát ngôn", "/ask?office=SXD")
	b.Get("/speakers?q=cong+an").Has(t, http.StatusOK, "chưa báo người phát ngôn")
	b.Get("/speakers?q=%3Cscript%3E").Has(t, http.StatusOK, "Không tìm thấy").Lacks(t, "<script>alert")
	b.Get("/speakers?q=%ff%fe").Has(t, http.StatusOK)

	duties, err := k.Duties.Of(k.Ctx, k.DB, s.Ref())
	if err != nil || len(duties) != 1 || duties[0].State != regulation.DutyMet {
		t.Fatalf("rule 7: %+v %v", duties, err)
	}
}
