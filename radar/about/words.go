package about

import "khue/text"

// marks gives the identities, with marks, of words parted by blanks.
func marks(words string) map[uint64]bool {
	m := map[uint64]bool{}
	for _, t := range text.Tokens(words) {
		m[t.Mark] = true
	}
	return m
}

// folded gives their identities without marks.
func folded(words string) map[uint64]bool {
	m := map[uint64]bool{}
	for _, t := range text.Tokens(words) {
		m[t.Key] = true
	}
	return m
}

func mark(word string) uint64  { return text.Tokens(word)[0].Mark }
func fold1(word string) uint64 { return text.Tokens(word)[0].Key }

// Words around names. All are the language's, not one city's.
var (
	surnames = marks("nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý đào đinh lâm trịnh mai tô trương lương tạ quách đoàn hà cao chu châu " +
		"phùng kiều thái tống vương nghiêm khổng lưu la mạc tăng thạch từ doãn đàm ngụy văn tôn bạch quan giang nông triệu viên phó")
	// surnamesBare are those that no other word is, in a text without marks or in English.
	surnamesBare = folded("nguyen tran pham huynh hoang phan dang bui ngo duong trinh truong doan phung vuong")
	// shortNames begin many a lake, an office or a paper as well: with them a name has three syllables or more.
	shortNames = marks("hồ quan viên phó văn nông")

	// titles stand before a person's name; titled are second syllables after those of titling.
	titles   = marks("ông bà anh chị cô chú bác dì cậu cháu bé cụ em thầy")
	titling  = marks("nạn nghi bị bác ca nghệ diễn luật thượng đại trung thiếu tài nữ nam cầu võ nhà thí học phạm")
	titled   = marks("nhân phạm can cáo sĩ sỹ viên sư úy uý tá tướng xế thủ sinh báo văn thơ")
	middle   = marks("văn thị") // between a surname, however rare, and a given name
	mister   = folded("mr mrs ms miss dr")
	holders  = marks("chủ giám bí phó chánh cục bộ vụ trưởng thủ đại tổng") // first syllables of offices that people hold
	holdings = marks("tịch đốc thư phòng ban ngành văn trưởng biểu tướng thanh")

	// things are nouns whose proper name is neither a person nor a ward: a street, a lake, a school.
	things = marks("phố đường ngõ ngách hẻm cầu hầm hồ sông kênh mương núi đồi đảo bến ga cảng chợ chùa đình đền miếu phủ làng thôn xóm bản tổ khu " +
		"trường viện bảo tàng rạp hát nhà xưởng lò lô tòa toà tháp cư đô thị tuyến nút ngã quán tiệm siêu công viên vườn bãi đập hãng ty đoàn giải cúp quỹ đài báo lễ hội dự án lộ dốc vành đai khách sạn")
	// streets are those of them that are named after people.
	streets = marks("phố đường ngõ ngách hẻm cầu trường viên lộ hầm nút ngã")
	// places are words after which the bare name of a ward is a place.
	places = marks("ở tại vực bàn quanh về qua")
	plural = marks("các những hai ba bốn năm sáu bảy tám chín mười nhiều")
)

// The words of kinds of unit.
var (
	wPhuong, wXa, wQuan, wHuyen = mark("phường"), mark("xã"), mark("quận"), mark("huyện")
	wThi, wTran, wTinh          = mark("thị"), mark("trấn"), mark("tỉnh")
	wThanh, wPho                = mark("thành"), mark("phố")
	wTP, wP, wX, wQ, wH         = mark("tp"), mark("p"), mark("x"), mark("q"), mark("h")
	wTT, wTX                    = mark("tt"), mark("tx")
	wCu, wVa                    = mark("cũ"), mark("và")
	wUBND, wBan, wNhan, wDan    = mark("ubnd"), mark("ban"), mark("nhân"), mark("dân")
	wChu, wTich                 = mark("chủ"), mark("tịch")
	wHN                         = mark("hn")
	kTai, kO                    = fold1("tại"), fold1("ở")
	kNguyen                     = fold1("nguyễn")
	kPhuong, kXa, kQuan         = fold1("phường"), fold1("xã"), fold1("quận")
	kHuyen                      = fold1("huyện")
	eWard, eCommune, eDistrict  = fold1("ward"), fold1("commune"), fold1("district")
	eTown                       = fold1("town")
	speaksFor                   = marks("quyền đạo ủy ubnd an") // chính quyền, lãnh đạo, Đảng ủy, công an
)

// elsewhere are the provinces and central cities of Vietnam, of today and of before 2025: a name that stands in one of them is not
// ours, unless it is the city's own.
const elsewhere = "An Giang|Bà Rịa|Vũng Tàu|Bắc Giang|Bắc Kạn|Bạc Liêu|Bắc Ninh|Bến Tre|Bình Định|Bình Dương|Bình Phước|Bình Thuận|Cà Mau|Cần Thơ|Cao Bằng|Đà Nẵng|" +
	"Đắk Lắk|Đắk Nông|Điện Biên|Đồng Nai|Đồng Tháp|Gia Lai|Hà Giang|Hà Nam|Hà Nội|Hà Tĩnh|Hải Dương|Hải Phòng|Hậu Giang|Hòa Bình|Hưng Yên|Khánh Hòa|Kiên Giang|Kon Tum|" +
	"Lai Châu|Lâm Đồng|Lạng Sơn|Lào Cai|Long An|Nam Định|Nghệ An|Ninh Bình|Ninh Thuận|Phú Thọ|Phú Yên|Quảng Bình|Quảng Nam|Quảng Ngãi|Quảng Ninh|Quảng Trị|Sóc Trăng|" +
	"Sơn La|Tây Ninh|Thái Bình|Thái Nguyên|Thanh Hóa|Thừa Thiên Huế|Huế|Tiền Giang|Trà Vinh|Tuyên Quang|Vĩnh Long|Vĩnh Phúc|Yên Bái|Hồ Chí Minh|HCM|TPHCM|Sài Gòn|Thủ Đức|" +
	"Nha Trang|Đà Lạt|Biên Hòa|Hạ Long|Vinh|Buôn Ma Thuột|Quy Nhơn"

// unsure are those that are also words or names of wards: they count only after "tỉnh", "thành phố", "ở".
var unsure = map[string]bool{"Hòa Bình": true, "Vinh": true, "Huế": true, "Điện Biên": true, "Long An": true, "An Giang": true, "Hà Nam": true, "Thái Bình": true}

// stops are syllables that no term begins or ends with, and that carry no topic.
var stops = marks("là và của có được cho không các với một những trong đã để khi này người từ đến tới về vào ra ở tại cũng như nhưng sẽ theo trên dưới sau trước năm ngày tháng giờ phút " +
	"bị thì mà nên nếu vì do bởi đó đây kia ấy nào gì sao ai đang vẫn còn rất quá lắm hơn nhất nhiều ít mấy mỗi mọi từng cả chỉ mới vừa lại nữa rồi hay hoặc cùng qua lên xuống đi lúc việc " +
	"cái chiếc con bà ông anh chị em tôi bạn họ nó mình chúng ta hai ba bốn sáu bảy tám chín mười trăm nghìn triệu tỷ tỉ đồng lần thứ số khoảng gần chừng hàng cho biết nói rằng thêm phải cần " +
	"làm bằng giữa ngoài trong khác riêng chung so đều suốt ngay luôn dù tuy song tức liền vậy thế đâu hết xong bên phía phần nơi chỗ điều sự cuộc vụ loại kiểu cách mức hôm nay qua sáng trưa chiều tối đêm tuần " +
	"mươi vài lít mét nửa nhiều dài ngắn lớn nhỏ hồi đầu cuối giữa nhau trở thành đưa lấy gặp thấy kể hỏi đáp chưa chẳng đừng hãy bao lâu")

var englishStops = folded("the a an of and to in is that for it was on with as be by at this have from or are not but they which his her will would there been their has had were he she its we you i " +
	"said says more than after before over about into out up down who what when where also can could may might must should new one two three last next per no all some most other during while between because so if then")

// englishThings end the names of things that are no person's: Mau Bridge.
var englishThings = folded("street road bridge lake river park market hospital school university station airport line ward district commune city centre center village pagoda temple museum project tower stadium")
