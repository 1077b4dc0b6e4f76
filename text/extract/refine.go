package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// refine leaves out lines that stand in an article without being its text: names of buttons, links to other articles, the date
// and author above, what is asked of the reader below.
func refine(lines []line) []line {
	first, last := body(lines)
	if last < 0 {
		return lines
	}
	lonely := lonelyLinks(lines, first, last)
	kept := make([]line, 0, len(lines))
	for i := range lines {
		l := &lines[i]
		switch {
		case isButton(l.text), isLabelled(l), lonely[i], isCredit(l):
			continue
		case i < first+headLines && isHead(l):
			continue
		case i < first && l.density() > 0.9 && !endsSentence(l.text):
			continue
		case i > last && (isFoot(l) || l.density() > 0.9):
			continue
		}
		kept = append(kept, *l)
	}
	return kept
}

// lonelyLinks marks lines between paragraphs that are a link and nothing else: hints to other articles. A page that is made of
// such lines keeps them: its links are what it is about.
func lonelyLinks(lines []line, first, last int) map[int]bool {
	found := map[int]bool{}
	paragraphs := 0
	isLink := func(i int) bool { return i >= 0 && i < len(lines) && lines[i].density() > 0.9 }
	for i := max(first, 0); i <= last; i++ {
		l := &lines[i]
		if l.chars >= 80 && l.density() < 0.5 {
			paragraphs++
		}
		if isLink(i) && !isLink(i-1) && !isLink(i+1) && !l.item && !l.quote && !headings[l.tag] && l.chars >= 15 && l.chars < 200 && !endsSentence(l.text) {
			found[i] = true
		}
	}
	if len(found)*4 > paragraphs {
		return nil
	}
	return found
}

// headLines is how far below the first paragraph, often a summary, date and author may stand.
const headLines = 4

// credits begin lines that name who made a picture.
var credits = []string{
	"©", "(©", "image:", "(image", "image credit", "photo:", "photo by", "photos by", "photo credit", "(photo", "picture:", "credit:", "(credit", "ảnh:", "nguồn ảnh", "ảnh minh họa",
	"(ảnh", "foto:", "fotos:", "фото:", "写真",
}

func isCredit(l *line) bool {
	if l.chars > 150 {
		return false
	}
	low := strings.ToLower(l.text[:min(len(l.text), 40)])
	for _, c := range credits {
		if strings.HasPrefix(low, c) {
			return true
		}
	}
	return false
}

// body gives the first and last line that reads like a paragraph.
func body(lines []line) (first, last int) {
	first, last = len(lines), -1
	for i := range lines {
		if l := &lines[i]; l.chars >= 80 && l.density() < 0.5 && !headings[l.tag] {
			first = min(first, i)
			last = i
		}
	}
	for last > first && isFoot(&lines[last]) { // legal notices are long too
		last--
	}
	return first, last
}

// buttons are lines that name something to press or an advertisement, in lower case.
var buttons = func() map[string]bool {
	m := map[string]bool{}
	for _, s := range strings.Split(`advertisement|advertisements|advert|advertising|ad|sponsored|sponsored content|continue reading below|continue reading|read more|
read more...|see more|more|show more|load more|view more|learn more|share|share this|share this article|share this story|tweet|email|e-mail|print|print article|save|close|caption|
enlarge image|enlarge|comments|comment|leave a comment|post a comment|add a comment|subscribe|subscribe now|sign up|sign in|log in|login|follow us|follow|like|reply|
next|previous|prev|back|back to top|skip to content|menu|home|search|loading|loading ...|loading...|loading content ...|latest|popular|trending|most popular|most read|
related|related articles|related stories|related content|related posts|related topics|recommended|you may also like|you might also like|
don't miss|dont miss|order reprints|text size|toggle caption|hide caption|view author archive|email the author|follow on twitter|play video|watch|play|pause|mute|
continue reading the main story|story continues below advertisement|story continues below|article continues below|
this slideshow requires javascript.|please enable javascript|highlights|copy link|copied|whatsapp|facebook|twitter|pinterest|linkedin|reddit|telegram|zalo|
quảng cáo|xem thêm|đọc thêm|chia sẻ|bình luận|ý kiến|ý kiến bạn đọc|tin liên quan|bài liên quan|tin cùng chuyên mục|tin mới|tin nổi bật|đọc nhiều|đọc tiếp|xem tiếp|
theo dõi|đăng ký|đăng nhập|in bài|lưu bài|gửi bình luận|trở lại|quay lại|trang chủ|thích|sao chép liên kết|nghe đọc bài|bấm để nghe|có thể bạn quan tâm|
anzeige|werbung|publicidad|publicidade|publicité|реклама|广告|広告|advertentie|pubblicità|reklama|reklam`, "|") {
		m[strings.TrimSpace(s)] = true
	}
	return m
}()

func isButton(s string) bool {
	if len(s) > 60 {
		return false
	}
	if buttons[strings.Trim(strings.ToLower(s), " :»›>…|")] {
		return true
	}
	if n, ok := strings.CutPrefix(strings.ToLower(s), "image "); ok && n != "" && digit(n[0]) { // "Image 1 of 5"
		return true
	}
	for _, r := range s { // rules of dashes and stars
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' {
			return false
		}
	}
	return utf8.RuneCountInString(s) > 1
}

// labels begin lines that send the reader elsewhere.
var labels = []string{
	"related:", "related ", "read more", "see more", "see also", "read also", "also read", "read:", "watch:", "more from", "more:", "don't miss", "don’t miss",
	"click here", "continue reading", "image:", "photo:", "photos:", "video:", "listen:", "for more", "xem thêm", "đọc thêm", "tin liên quan", "xem:", "mời xem", ">>", "»",
	"lire aussi", "lea también", "lee también", "leia também", "lesen sie auch", "читайте также", "citation:", "recommended:", "must read", "up next", "next up",
}

// isLabelled says whether a line is a link to something else with a label before it.
func isLabelled(l *line) bool {
	if l.density() <= 0.3 || l.chars >= 250 {
		return false
	}
	low := strings.ToLower(strings.TrimLeft(l.text[:min(len(l.text), 40)], "[( "))
	for _, p := range labels {
		if strings.HasPrefix(low, p) {
			return true
		}
	}
	return false
}

func endsSentence(s string) bool {
	s = strings.TrimRight(s, " \"'”’»)]")
	r, _ := utf8.DecodeLastRuneInString(s)
	switch r {
	case '.', '!', '?', '…', ':', '。', '！', '？', ';', ',':
		return true
	}
	return false
}

// isHead says whether a line above the text is its date or author.
func isHead(l *line) bool {
	return l.chars < 120 && (isDateLine(l.text) || isByline(l.text))
}

// isFoot says whether a line below the text is no part of it.
func isFoot(l *line) bool {
	low := strings.ToLower(l.text)
	for _, w := range footWords {
		if strings.Contains(low, w) {
			return true
		}
	}
	return false
}

var footWords = []string{
	"all rights reserved", "copyright", "©", "subscribe", "newsletter", "follow us", "follow him", "follow her", "sign up", "uses cookies", "terms of use",
	"privacy policy", "đăng ký", "bản quyền",
}

func isByline(s string) bool {
	low := strings.ToLower(s)
	return strings.HasPrefix(low, "by ") || strings.HasPrefix(low, "written by") || strings.HasPrefix(low, "posted by") || strings.HasPrefix(low, "theo ")
}

var monthNames = []string{
	"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
	"jan", "feb", "mar", "apr", "jun", "jul", "aug", "sept", "sep", "oct", "nov", "dec", "tháng", "thứ",
}

// isDateLine says whether a short line tells a time: a year and a month or a clock, or "updated".
func isDateLine(s string) bool {
	low := strings.ToLower(s)
	year := false
	for i := 0; i+4 <= len(low); i++ {
		if (low[i] == '1' && low[i+1] == '9' || low[i] == '2' && low[i+1] == '0') && digit(low[i+2]) && digit(low[i+3]) && (i == 0 || !digit(low[i-1])) && (i+4 == len(low) || !digit(low[i+4])) {
			year = true
			break
		}
	}
	if strings.HasPrefix(low, "updated") || strings.HasPrefix(low, "published") || strings.HasPrefix(low, "posted") || strings.HasPrefix(low, "cập nhật") {
		return true
	}
	if !year && !strings.Contains(low, ":") {
		return false
	}
	for _, f := range strings.FieldsFunc(low, func(r rune) bool { return !unicode.IsLetter(r) }) {
		for _, m := range monthNames {
			if f == m {
				return year || strings.Contains(low, ":")
			}
		}
	}
	return year && strings.ContainsAny(low, ":/") && len(low) < 40
}

func digit(c byte) bool { return c >= '0' && c <= '9' }
