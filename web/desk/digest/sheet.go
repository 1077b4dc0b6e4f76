package digest

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"khue/catalogue"
	"khue/insight"
	"khue/web/ui"
)

// The sheet's measures, in millimetres and points.
const (
	pageTall  = 297.0
	margin    = 20.0
	together  = 28.0 // what an item needs: it does not begin where its headline would stand alone
	lineTall  = 5.2
	sizeTitle = 18.0
	sizeHead  = 12.0
	sizeText  = 10.0
	sizeSmall = 8.5
)

// Sheet draws a digest as an A4 PDF in Vietnamese, with the items that are ticked. The same digest gives the same bytes.
func Sheet(d insight.Digest) ([]byte, error) {
	regular, strong := ui.AssetData("sheet-regular.ttf"), ui.AssetData("sheet-strong.ttf")
	if regular == nil || strong == nil {
		return nil, errors.New("the sheet's fonts were not built: make generate")
	}
	l := catalogue.VI
	place := l.T("ui.place")
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetCreationDate(d.DraftedAt)
	pdf.SetModificationDate(d.DraftedAt)
	pdf.SetCatalogSort(true)
	pdf.AddUTF8FontFromBytes("be", "", regular)
	pdf.AddUTF8FontFromBytes("be", "B", strong)
	title := l.T("digest.sheet.title", "day", dayOf(d.Day))
	pdf.SetTitle(title, true)
	pdf.SetLang("vi")
	pdf.SetMargins(margin, margin, margin)
	pdf.SetAutoPageBreak(true, margin)
	pdf.SetFooterFunc(func() {
		pdf.SetY(-14)
		pdf.SetFont("be", "", sizeSmall)
		pdf.CellFormat(0, lineTall, l.T("digest.sheet.page", "n", strconv.Itoa(pdf.PageNo()), "place", place), "", 0, "C", false, 0, "")
	})
	pdf.AddPage()
	write := func(style string, size float64, text string) {
		pdf.SetFont("be", style, size)
		pdf.MultiCell(0, lineTall*size/sizeText, text, "", "L", false)
	}
	write("", sizeSmall, place)
	write("B", sizeTitle, title)
	if !d.SignedAt.IsZero() {
		write("", sizeSmall, l.T("digest.sheet.signed", "at", ui.ShortDateTime(l, d.SignedAt)))
	}
	for i, it := range d.Ticked() {
		if pdf.Ln(lineTall); pdf.GetY() > pageTall-margin-together {
			pdf.AddPage()
		}
		write("B", sizeHead, strconv.Itoa(i+1)+". "+it.Headline)
		write("", sizeText, it.Line)
		if it.Said.Code != "" {
			write("", sizeText, l.T("digest.mail.said", "title", it.Said.Title, "code", it.Said.Code))
		}
		pdf.SetFont("be", "", sizeSmall)
		words := l.T("digest.sheet.source", "source", it.Source, "sources", it.Sources)
		if strings.HasPrefix(it.URL, "https://") || strings.HasPrefix(it.URL, "http://") { // no other address becomes a link
			pdf.WriteLinkString(lineTall, words, it.URL)
		} else {
			pdf.Write(lineTall, words)
		}
		pdf.Ln(lineTall)
	}
	var b bytes.Buffer
	if err := pdf.Output(&b); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// dayOf writes a day as people read it.
func dayOf(day string) string {
	t, err := time.ParseInLocation(time.DateOnly, day, ui.Zone)
	if err != nil {
		return day
	}
	return ui.Date(catalogue.VI, t)
}
