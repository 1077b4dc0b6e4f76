package text

// Found is a value with its place in the text it was found in.
type Found struct {
	Value
	Span
}

// Values finds the numbers, amounts, dates, times of day and document numbers of a normalised text, in order.
func Values(s string) []Found {
	r := Reader{Text: s, Tokens: Tokens(s)}
	var found []Found
	for i := 0; i < len(r.Tokens); {
		v, n := r.At(i)
		if n == 0 {
			i++
			continue
		}
		found = append(found, Found{v, Span{int(r.Tokens[i].Start), int(r.Tokens[i+n-1].End)}})
		i += n
	}
	return found
}

// only keeps the values of one kind.
func only(s string, k Kind) []Found {
	var kept []Found
	for _, f := range Values(s) {
		if f.Kind == k {
			kept = append(kept, f)
		}
	}
	return kept
}

// Numbers finds what is counted: 1.000.000, 1,2 triệu, hai mươi lăm, 30 %. A single number word, such as "một", counts too.
func Numbers(s string) []Found { return only(s, KindNumber) }

// Moneys finds amounts with their currency: 3 tỷ 200 triệu đồng, 500.000 VND, 20 USD.
func Moneys(s string) []Found { return only(s, KindMoney) }

// Dates finds days, months and years: 9/5, 09-05-2025, ngày 9 tháng 5 năm 2025, tháng 5/2025, năm 2025.
func Dates(s string) []Found { return only(s, KindDate) }

// Clocks finds times of day: 14:30, 14h30, 8 giờ.
func Clocks(s string) []Found { return only(s, KindClock) }

// Papers finds numbers of official documents: 123/QĐ-UBND, 30/2020/NĐ-CP.
func Papers(s string) []Found { return only(s, KindPaper) }

// Negations finds the words that deny: không, chưa, chẳng, đừng, cấm …; not those in không khí, hàng không and their like.
func Negations(s string) []Span {
	var found []Span
	tokens := Tokens(s)
	for i, t := range tokens {
		if IsNegation(tokens, i) {
			found = append(found, Span{int(t.Start), int(t.End)})
		}
	}
	return found
}

// With these words "không" makes a word of its own: hàng không, không khí. Not after khách hàng, and not before a verb that only a
// negation has.
var (
	notBefore = keys("hàng tầm cõi hư")
	notAfter  = keys("khí gian quân phận kích tưởng tặc trung lực")
	goods     = keys("khách mặt ngân cửa nhà đơn bán bạn giao mua thứ món lô")
	denied    = keys("thể được phải còn cần bị nên")
)

func keys(words string) map[uint64]bool {
	m := map[uint64]bool{}
	for _, sp := range Syllables(words) {
		_, mark := identity(sp.Of(words))
		m[mark] = true
	}
	return m
}

// IsNegation tells whether token i denies.
func IsNegation(tokens []Token, i int) bool {
	t := tokens[i]
	if t.Word != WordNot {
		return false
	}
	if t.Key == zeroKey {
		if i+1 < len(tokens) {
			next := tokens[i+1]
			if notAfter[next.Mark] || next.Word == WordHundred {
				return false
			}
			if denied[next.Mark] {
				return true
			}
		}
		return i == 0 || !notBefore[tokens[i-1].Mark] || i > 1 && goods[tokens[i-2].Mark]
	}
	return true
}

// With these words "chỉ" and "trừ" are part of another word: chỉ đạo, địa chỉ, loại trừ.
var (
	afterOnly  = keys("đạo số tiêu thị huy định dẫn trích báo giới tay vàng")
	beforeOnly = keys("địa tôn ngón kim tiêu chứng loại khấu diệt bài phòng cấn")
)

// IsCondition tells whether token i begins a condition, an exception or a restriction: nếu, trừ, chỉ.
func IsCondition(tokens []Token, i int) bool {
	return tokens[i].Word == WordIf && (i+1 == len(tokens) || !afterOnly[tokens[i+1].Mark]) && (i == 0 || !beforeOnly[tokens[i-1].Mark])
}

// Names finds runs of two to five capitalised syllables that do not begin a sentence; in a text all in capitals there are none.
func Names(s string) []Span {
	var found []Span
	tokens := Tokens(s)
	for i := 0; i < len(tokens); {
		j := i
		for j < len(tokens) && tokens[j].Flags&Capital != 0 && tokens[j].Flags&Upper == 0 && (j == i || s[tokens[j-1].End:tokens[j].Start] == " ") {
			j++
		}
		if n := j - i; n >= 2 && n <= 5 && !startsSentence(s, tokens, i) {
			found = append(found, Span{int(tokens[i].Start), int(tokens[j-1].End)})
		}
		i = max(j, i+1)
	}
	return found
}
