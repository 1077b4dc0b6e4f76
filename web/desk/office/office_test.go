package office_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"khue/people"
	"khue/regulation"
	"khue/web/desk/office"
	"khue/web/door"
	"khue/web/ui"
	"khue/web/webtest"
)

func open(t *testing.T) *webtest.Kit {
	t.Helper()
	return webtest.New(t, office.Register, door.Register)
}

var linkForm = regexp.MustCompile(`<code>http://localhost:8080(/link/[a-z2-7]{32})</code>`)

func TestInviteIsShownOnceAndOpensTheDesk(t *testing.T) {
	k := open(t)
	admin := k.Centre(t, "Trần Thu Hà", regulation.Admin)
	admin.Get("/desk/people").Has(t, http.StatusOK, "Trần Thu Hà", "quản trị, Trung tâm Báo chí Thủ đô Hà Nội", "/desk/people/new")
	admin.Get("/desk/people/new").Has(t, http.StatusOK, `<option value="00004">Phường Ba Đình`)
	admin.Post("/desk/people/new", "name", "", "email", "lan", "lang", "vi", "role1", "focal-point", "office1", "").
		Has(t, http.StatusUnprocessableEntity, "Chưa nhập", "#email", "#office1")
	made := admin.Post("/desk/people/new", "name", "Nguyễn <i>Lan</i>", "email", "lan@sxd.example", "lang", "vi", "phone", "024 3825 0000", "role1", "focal-point", "office1", "SXD").
		Has(t, http.StatusOK, "lan@sxd.example", "Nguyễn &lt;i&gt;Lan&lt;/i&gt;")
	link := linkForm.FindStringSubmatch(made.Body)
	if link == nil {
		t.Fatal(webtest.Main(made.Body))
	}
	if made.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("the page with the link may be kept: %v", made.Header)
	}
	lan := k.Visitor(t)
	lan.Get(link[1]).Has(t, http.StatusOK, "lan@sxd.example")
	lan.Post(link[1], "password", "một câu dài dễ nhớ")
	lan.Get("/desk/people").Has(t, http.StatusOK, "Sở Xây dựng", "đầu mối cung cấp thông tin").Lacks(t, "Trần Thu Hà") // her own office only
	lan.Get("/desk/people/new").Has(t, http.StatusForbidden)
	lan.Get("/desk/offices").Has(t, http.StatusOK, "Sở Xây dựng", "Công an", "Theo thỏa thuận")
	lan.Get("/desk/offices?q=truc+bach").Has(t, http.StatusOK, "Phường Ba Đình")
	k.Visitor(t).Get("/desk/people").Has(t, http.StatusOK).Lacks(t, "Trần Thu Hà") // the log-in
}

func TestOneAccount(t *testing.T) {
	k := open(t)
	admin := k.Centre(t, "Trần Thu Hà", regulation.Admin)
	lan := k.As(t, "Nguyễn Lan", regulation.Post{Role: regulation.FocalPoint, Office: "SXD"})
	path := "/desk/people/" + lan.Actor.ID
	admin.Get(path).Has(t, http.StatusOK, "focal-point@SXD", "Kết thúc mọi phiên", "Đóng tài khoản")
	admin.Post(path+"/posts", "version", "1", "post", "focal-point@SXD", "role1", "officer", "office1", "SXD").Has(t, http.StatusOK, "Đã lưu vai trò của Nguyễn Lan", "officer@SXD")
	admin.Post(path+"/posts", "version", "1", "post", "focal-point@SXD").Has(t, http.StatusConflict, "Trần Thu Hà vừa sửa")
	admin.Post(path+"/posts", "version", "2", "role1", "editor", "office1", "SXD").Has(t, http.StatusUnprocessableEntity, "vai trò này không có ở cơ quan đó")
	admin.Post(path+"/profile", "name", "Nguyễn Thị Lan", "name_en", "Lan Nguyen", "position", "Chuyên viên", "phone", "", "lang", "en").Has(t, http.StatusOK, "Nguyễn Thị Lan")
	admin.Get("/en"+path).Has(t, http.StatusOK, "Lan Nguyen", "Held now")
	if !linkForm.MatchString(admin.Post(path+"/link").Has(t, http.StatusOK, "đặt lại mật khẩu").Body) {
		t.Error("no link")
	}
	lan.Get("/desk/me").Has(t, http.StatusOK, "phiên này")
	admin.Post(path+"/sessions").Has(t, http.StatusOK, "Đã kết thúc")
	lan.Get("/desk/me").Has(t, http.StatusOK, "Đăng nhập").Lacks(t, "phiên này")
	admin.Get(path+"/close").Has(t, http.StatusOK, "Đóng là hẳn")
	admin.Post(path+"/close", "version", "0").Has(t, http.StatusOK, "Đã đóng tài khoản")
	admin.Get("/desk/people?show=closed").Has(t, http.StatusOK, "Nguyễn Thị Lan").Lacks(t, "/desk/people/"+admin.Actor.ID)
	admin.Post("/desk/people/"+admin.Actor.ID+"/close", "version", "0").Has(t, http.StatusUnprocessableEntity, "ít nhất một người quản trị")

	other := k.As(t, "Tú", regulation.Post{Role: regulation.FocalPoint, Office: "SYT"})
	for _, do := range []string{"/posts", "/profile", "/link", "/verify", "/sessions", "/close"} {
		if page := other.Post("/desk/people/"+admin.Actor.ID+do, "name", "x"); page.Status != http.StatusForbidden {
			t.Errorf("%s by another: %d", do, page.Status)
		}
	}
	other.Get("/desk/people/"+admin.Actor.ID).Has(t, http.StatusForbidden)
	other.Get("/desk/people/khongco").Has(t, http.StatusNotFound)
}

func TestVerifyAJournalist(t *testing.T) {
	k := open(t)
	duty := k.Centre(t, "Trực Ban", regulation.DutyOfficer)
	_, mai, err := k.People.RegisterJournalist(k.Ctx, people.Registration{Email: "mai@bao.example", Password: "một câu dài dễ nhớ", Name: "Đỗ Mai", Phone: "0900 000 000", Outlet: "Báo Sông Hồng"})
	if err != nil {
		t.Fatal(err)
	}
	duty.Get("/desk/people?show=unverified").Has(t, http.StatusOK, "Đỗ Mai", "nhà báo, Báo Sông Hồng", "chờ xác minh").Lacks(t, "/desk/people/"+duty.Actor.ID)
	duty.Get("/desk/people/"+mai.ID).Has(t, http.StatusOK, "Xác minh nhà báo", "Không lưu ảnh thẻ")
	duty.Post("/desk/people/"+mai.ID+"/verify").Has(t, http.StatusOK, "Đã xác minh Đỗ Mai").Lacks(t, "Xác minh nhà báo</h2>")
}

func TestAssignASpokesperson(t *testing.T) {
	k := open(t)
	head := k.As(t, "Lê Giám Đốc", regulation.Post{Role: regulation.OfficeHead, Office: "SXD"})
	lan := k.As(t, "Nguyễn Lan", regulation.Post{Role: regulation.Officer, Office: "SXD"})
	head.Get("/desk/offices/SXD").Has(t, http.StatusOK, "chưa giao người phát ngôn", "Giao người phát ngôn", "Sở Giao thông vận tải", "nguoi2@khue.example")
	lan.Get("/desk/offices/SXD").Has(t, http.StatusOK, "Lê Giám Đốc").Lacks(t, "Giao và đăng", "nguoi1@khue.example")
	path := "/desk/offices/SXD/spokesperson"
	lan.Post(path, "account", lan.Actor.ID).Has(t, http.StatusForbidden)
	head.Post(path, "account", lan.Actor.ID, "do", "assign").Has(t, http.StatusUnprocessableEntity, "chức vụ", "số văn bản", "số điện thoại")
	head.Post(path, "account", lan.Actor.ID, "position", "Phó Chánh Văn phòng", "phone", "024 3825 0000", "paper", "7/QĐ", "since", "2026-11-09T07:00", "do", "assign").
		Has(t, http.StatusOK, "Đã giao người phát ngôn", "Phó Chánh Văn phòng", "7/QĐ")
	s, err := k.People.SpokespersonOf(k.Ctx, "SXD")
	if err != nil || !s.Since.Equal(time.Date(2026, 11, 9, 7, 0, 0, 0, ui.Zone)) {
		t.Fatalf("%+v %v", s, err)
	}
	head.Post(path, "do", "end").Has(t, http.StatusOK, "chưa giao người phát ngôn")
	head.Get("/desk/offices/KHONG").Has(t, http.StatusNotFound)
	head.Post("/desk/offices/SYT/spokesperson", "do", "end").Has(t, http.StatusForbidden)
}

func TestDelegateInTwoTaps(t *testing.T) {
	k := open(t)
	head := k.As(t, "Lê Giám Đốc", regulation.Post{Role: regulation.OfficeHead, Office: "SXD"})
	deputy := k.As(t, "Phó Một", regulation.Post{Role: regulation.Officer, Office: "SXD"})
	page := head.Get("/desk/delegate?matter=inquiry/1").Has(t, http.StatusOK, "Phó Một", `value="inquiry/1"`, `value="2026-11-10T17:00"`)
	page.Lacks(t, `value="`+head.Actor.ID+`"`)
	head.Post("/desk/delegate", "to", deputy.Actor.ID, "role", "office-head@SXD", "matter", "inquiry/1", "until", "2026-11-08T17:00", "paper", "", "reason", "").
		Has(t, http.StatusUnprocessableEntity, "Giờ này đã qua", "số văn bản", "lý do")
	head.Post("/desk/delegate", "to", deputy.Actor.ID, "role", "office-head@SXD", "matter", "inquiry/1", "until", "32/13", "paper", "1", "reason", "x").Has(t, http.StatusUnprocessableEntity, "Không có ngày này")
	head.Post("/desk/delegate", "to", deputy.Actor.ID, "role", "office-head@SXD", "matter", "inquiry/1", "until", "2026-11-10T17:00", "paper", "12/UQ", "reason", "Đi công tác").
		Has(t, http.StatusOK, "Đã ủy quyền cho Phó Một", "Phó Một thay Lê Giám Đốc")
	deputy.Get("/desk/me").Has(t, http.StatusOK, "Đang thay người khác", "12/UQ", "/desk/inquiries/1")
	deputy.Get("/desk/delegate").Has(t, http.StatusOK, "Chỉ lãnh đạo duyệt")
	deputy.Post("/desk/delegate", "to", head.Actor.ID, "role", "office-head@SXD", "matter", "inquiry/1", "until", "2026-11-10T17:00", "paper", "1", "reason", "x").Has(t, http.StatusForbidden)
	held, err := k.People.StandInsHeld(k.Ctx, deputy.Actor.ID)
	if err != nil || len(held) != 1 {
		t.Fatal(held, err)
	}
	other := k.As(t, "Tú", regulation.Post{Role: regulation.FocalPoint, Office: "SYT"})
	other.Post("/desk/delegate/"+held[0].ID+"/end").Has(t, http.StatusForbidden)
	deputy.Post("/desk/delegate/"+held[0].ID+"/end").Has(t, http.StatusOK, "Đã kết thúc ủy quyền")
	deputy.Post("/desk/delegate/"+held[0].ID+"/end").Has(t, http.StatusOK) // twice is no fault
}

func TestOwnPage(t *testing.T) {
	k := open(t)
	lan := k.As(t, "Nguyễn Lan", regulation.Post{Role: regulation.FocalPoint, Office: "SXD"})
	again := k.Visitor(t)
	again.Post("/login", "email", "nguoi1@khue.example", "password", "một câu dài dễ nhớ")
	again.Get("/desk/me").Has(t, http.StatusOK, "phiên này")
	lan.Post("/desk/me", "name", "", "lang", "vi").Has(t, http.StatusUnprocessableEntity, "Chưa nhập tên")
	lan.Post("/desk/me", "name", "Nguyễn Lan", "name_en", "Lan Nguyen", "lang", "en").Has(t, http.StatusOK, "Đã lưu")
	lan.Post("/desk/me/password", "old_password", "sai", "password", "một câu khác, dài hơn").Has(t, http.StatusUnprocessableEntity, "không đúng mật khẩu đang dùng")
	lan.Post("/desk/me/password", "old_password", "một câu dài dễ nhớ", "password", "một câu khác, dài hơn").Has(t, http.StatusOK, "Đã đổi mật khẩu")
	again.Get("/desk/me").Has(t, http.StatusOK).Lacks(t, "phiên này")
	again.Post("/login", "email", "nguoi1@khue.example", "password", "một câu khác, dài hơn")
	lan.Post("/desk/me/sessions").Has(t, http.StatusOK, "Đã kết thúc")
	again.Get("/desk/me").Has(t, http.StatusOK).Lacks(t, "phiên này")
	_, mai, err := k.People.RegisterJournalist(k.Ctx, people.Registration{Email: "mai@bao.example", Password: "một câu dài dễ nhớ", Name: "Đỗ Mai", Phone: "0900 000 000", Outlet: "Báo Sông Hồng"})
	if err != nil {
		t.Fatal(err)
	}
	press := k.Visitor(t)
	press.Post("/login", "email", "mai@bao.example", "password", "một câu dài dễ nhớ")
	press.Get("/desk/me").Has(t, http.StatusOK, "Báo Sông Hồng", "chờ xác minh", "phiên này")
	press.Get("/desk/people/"+mai.ID).Has(t, http.StatusForbidden)
}

func TestAddOffice(t *testing.T) {
	k := open(t)
	admin := k.Centre(t, "Trần Thu Hà", regulation.Admin)
	admin.Post("/desk/offices/new", "name", "Ban Mới", "name_en", "New Board", "code", "SXD", "kind", "board").Has(t, http.StatusUnprocessableEntity, "mã này đã có cơ quan khác")
	admin.Post("/desk/offices/new", "name", "Ban Mới", "name_en", "New Board", "code", "banmoi", "kind", "board", "parent", "UBNDTP").Has(t, http.StatusOK, "Đã thêm cơ quan", "BANMOI")
	k.Centre(t, "Biên", regulation.Editor).Get("/desk/offices/new").Has(t, http.StatusForbidden)
}

// Every page is there in English, whole, without a key that has no words.
func TestEnglishHasAllWords(t *testing.T) {
	k := open(t)
	admin := k.Centre(t, "Trần Thu Hà", regulation.Admin)
	for _, path := range []string{"/desk/people", "/desk/people/new", "/desk/people/" + admin.Actor.ID, "/desk/people/" + admin.Actor.ID + "/close", "/desk/offices", "/desk/offices/TTBC", "/desk/offices/00004", "/desk/offices/new", "/desk/delegate", "/desk/me"} {
		page := admin.Get("/en"+path).Has(t, http.StatusOK)
		if strings.Contains(page.Body, "⟦") {
			_, rest, _ := strings.Cut(page.Body, "⟦")
			t.Errorf("%s: no words for %.60s", path, rest)
		}
	}
}
