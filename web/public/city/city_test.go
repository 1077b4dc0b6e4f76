package city_test

import (
	"context"
	"net/http"
	"net/url"
	"testing"
	"time"

	"khue/people"
	"khue/regulation"
	"khue/store"
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

func TestDeadlines(t *testing.T) {
	k := webtest.New(t, city.Register)
	b := k.Visitor(t)
	b.Get("/deadlines").Has(t, http.StatusOK, "Tháng 11/2026", "chưa có việc nào đến hạn")
	open := func(thing, office string) {
		t.Helper()
		err := k.DB.Write(k.Ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := k.Duties.Trigger(ctx, tx, regulation.SystemActor("test"), regulation.Event{Kind: "people.spokesperson-assigned", Thing: thing, Office: office, At: k.Clock.Now()})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	meet := func(thing string) {
		t.Helper()
		err := k.DB.Write(k.Ctx, func(ctx context.Context, tx *store.Tx) error {
			return k.Duties.Meet(ctx, tx, regulation.SystemActor("test"), thing, "")
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	open("spokesperson/1", "SXD")
	open("spokesperson/2", "SXD")
	open("spokesperson/3", "00004")
	meet("spokesperson/1")
	k.Clock.Add(25 * time.Hour)
	meet("spokesperson/2")
	b.Get("/deadlines").Has(t, http.StatusOK, "33%", "Sở Xây dựng", "50%", "Phường Ba Đình", "0%", "/deadlines.csv?month=2026-11", "month=2026-10")
	b.Get("/en/deadlines").Has(t, http.StatusOK, "Department of Construction", "still overdue").Lacks(t, "⟦")
	csv := b.Get("/deadlines.csv?month=2026-11").Has(t, http.StatusOK, "2026-11,SXD,Sở Xây dựng,1,1,0", "2026-11,00004,Phường Ba Đình,0,0,1")
	if got := csv.Header.Get("Content-Type"); got != "text/csv; charset=utf-8" {
		t.Error(got)
	}
	for _, month := range []string{"2026-12", "2025-06", "x", "2026-13"} {
		b.Get("/deadlines?month="+month).Has(t, http.StatusNotFound)
	}
	b.Get("/deadlines?month=2025-07").Has(t, http.StatusOK).Lacks(t, "month=2025-06")
}

func TestListening(t *testing.T) {
	k := webtest.New(t, city.Register)
	k.Visitor(t).Get("/listening").Has(t, http.StatusOK, "Chưa nghe nơi nào", "Facebook, TikTok", "Nhóm Zalo", "Không giữ tên người viết", "/report").Lacks(t, "⟦")
	k.Visitor(t).Get("/en/listening").Has(t, http.StatusOK, "Not heard", "Zalo groups").Lacks(t, "⟦")
}
