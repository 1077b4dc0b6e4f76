package extract

// tag is an element's name as a number; names that mean nothing here are tagOther.
type tag uint8

const (
	tagNone tag = iota // text
	tagOther
	tagA
	tagAbbr
	tagAddress
	tagArticle
	tagAside
	tagAudio
	tagB
	tagBase
	tagBlockquote
	tagBody
	tagBr
	tagButton
	tagCanvas
	tagCaption
	tagCite
	tagCode
	tagDd
	tagDel
	tagDiv
	tagDl
	tagDt
	tagEm
	tagEmbed
	tagFieldset
	tagFigcaption
	tagFigure
	tagFont
	tagFooter
	tagForm
	tagH1
	tagH2
	tagH3
	tagH4
	tagH5
	tagH6
	tagHead
	tagHeader
	tagHr
	tagHTML
	tagI
	tagIframe
	tagImg
	tagInput
	tagIns
	tagLabel
	tagLi
	tagLink
	tagMain
	tagMeta
	tagNav
	tagNoscript
	tagObject
	tagOl
	tagOption
	tagP
	tagPicture
	tagPre
	tagScript
	tagSection
	tagSelect
	tagSmall
	tagSpan
	tagStrong
	tagStyle
	tagSub
	tagSup
	tagSvg
	tagTable
	tagTbody
	tagTd
	tagTemplate
	tagTextarea
	tagTfoot
	tagTh
	tagThead
	tagTime
	tagTitle
	tagTr
	tagU
	tagUl
	tagVideo
	numTags
)

var tagNames = map[string]tag{
	"a": tagA, "abbr": tagAbbr, "address": tagAddress, "article": tagArticle, "aside": tagAside, "audio": tagAudio, "b": tagB, "base": tagBase,
	"blockquote": tagBlockquote, "body": tagBody, "br": tagBr, "button": tagButton, "canvas": tagCanvas, "caption": tagCaption, "cite": tagCite,
	"code": tagCode, "dd": tagDd, "del": tagDel, "div": tagDiv, "dl": tagDl, "dt": tagDt, "em": tagEm, "embed": tagEmbed, "fieldset": tagFieldset,
	"figcaption": tagFigcaption, "figure": tagFigure, "font": tagFont, "footer": tagFooter, "form": tagForm, "h1": tagH1, "h2": tagH2, "h3": tagH3,
	"h4": tagH4, "h5": tagH5, "h6": tagH6, "head": tagHead, "header": tagHeader, "hr": tagHr, "html": tagHTML, "i": tagI, "iframe": tagIframe,
	"img": tagImg, "input": tagInput, "ins": tagIns, "label": tagLabel, "li": tagLi, "link": tagLink, "main": tagMain, "meta": tagMeta, "nav": tagNav,
	"noscript": tagNoscript, "object": tagObject, "ol": tagOl, "option": tagOption, "p": tagP, "picture": tagPicture, "pre": tagPre,
	"script": tagScript, "section": tagSection, "select": tagSelect, "small": tagSmall, "span": tagSpan, "strong": tagStrong, "style": tagStyle,
	"sub": tagSub, "sup": tagSup, "svg": tagSvg, "table": tagTable, "tbody": tagTbody, "td": tagTd, "template": tagTemplate, "textarea": tagTextarea,
	"tfoot": tagTfoot, "th": tagTh, "thead": tagThead, "time": tagTime, "title": tagTitle, "tr": tagTr, "u": tagU, "ul": tagUl, "video": tagVideo,
}

// tagSet is a set of tags with look-up by index.
type tagSet [numTags]bool

func setOf(tags ...tag) (s tagSet) {
	for _, t := range tags {
		s[t] = true
	}
	return s
}

var (
	// void elements have no content and no end.
	voids = setOf(tagBase, tagBr, tagEmbed, tagHr, tagImg, tagInput, tagLink, tagMeta)
	// blocks begin a line of their own.
	blocks = setOf(tagAddress, tagArticle, tagAside, tagBlockquote, tagBody, tagCaption, tagDd, tagDiv, tagDl, tagDt, tagFieldset, tagFigcaption, tagFigure,
		tagFooter, tagForm, tagH1, tagH2, tagH3, tagH4, tagH5, tagH6, tagHeader, tagHr, tagLi, tagMain, tagNav, tagOl, tagP, tagPre, tagSection, tagTable,
		tagTbody, tagTd, tagTfoot, tagTh, tagThead, tagTr, tagUl, tagHTML, tagVideo, tagOption)
	// endsP are the elements whose start ends an open paragraph (HTML, 13.2.6.4.7).
	endsP = setOf(tagAddress, tagArticle, tagAside, tagBlockquote, tagDiv, tagDl, tagFieldset, tagFigcaption, tagFigure, tagFooter, tagForm, tagH1, tagH2,
		tagH3, tagH4, tagH5, tagH6, tagHeader, tagHr, tagMain, tagNav, tagOl, tagP, tagPre, tagSection, tagTable, tagUl, tagLi, tagDd, tagDt)
	// scopes stop the search for an element to end.
	scopes = setOf(tagTable, tagTd, tagTh, tagCaption, tagHTML, tagBody, tagObject, tagTemplate, tagButton)
	// headings end an open heading.
	headings = setOf(tagH1, tagH2, tagH3, tagH4, tagH5, tagH6)
	// phrasing stays within a line: a <div> of nothing else is a paragraph.
	phrasing = setOf(tagNone, tagAbbr, tagAudio, tagB, tagBr, tagButton, tagCite, tagCode, tagEm, tagEmbed, tagI, tagImg, tagInput, tagLabel, tagNoscript,
		tagObject, tagScript, tagSelect, tagSmall, tagSpan, tagStrong, tagSub, tagSup, tagTextarea, tagTime, tagU, tagFont)
	// insides are what a <div> may not hold to be a paragraph.
	insides = setOf(tagBlockquote, tagDl, tagDiv, tagImg, tagOl, tagP, tagPre, tagTable, tagUl)
	// dropped is never read.
	dropped = setOf(tagScript, tagStyle, tagNoscript, tagTemplate, tagSvg, tagIframe, tagCanvas, tagTextarea, tagSelect, tagOption, tagObject, tagEmbed,
		tagAudio, tagVideo, tagHead, tagLink, tagMeta, tagBase, tagTitle)
	// rawText elements hold characters up to their end tag, whatever these look like.
	rawText = setOf(tagScript, tagStyle, tagTextarea, tagTitle, tagNoscript, tagIframe)
)
