package main

import (
	"errors"
	"time"

	"khue/text/extract"
)

type textCmd struct {
	Extract textExtractCmd `cmd:"" help:"${cmd_text_extract}"`
	Neardup textNeardupCmd `cmd:"" help:"${cmd_text_neardup}"`
}

type textExtractCmd struct {
	In  string `required:"" placeholder:"FILE" help:"${cmd_text_extract_in}"`
	Out string `default:"-" placeholder:"FILE" help:"${cmd_text_extract_out}"`
}

// pageLine is a page as it was fetched.
type pageLine struct {
	ID   string `json:"id"`
	URL  string `json:"url"`
	HTML string `json:"html"`
}

func (p *pageLine) check() error {
	if p.ID == "" {
		return badLine("no id")
	}
	return nil
}

// articleLine is what was read out of a page.
type articleLine struct {
	ID        string    `json:"id"`
	Title     string    `json:"title"`
	Text      string    `json:"text"`
	Published time.Time `json:"published,omitzero"`
	Author    string    `json:"author,omitzero"`
	Lang      string    `json:"lang"`
	URL       string    `json:"url,omitzero"`
	Image     string    `json:"image,omitzero"`
}

// Run reads articles out of pages, on every core; a page without text is not a bad line but an empty text.
func (c textExtractCmd) Run(e *env) error {
	b := startBatch(e)
	return b.end(parallelLines(b, c.In, c.Out, func(p pageLine, emit func(articleLine) error) error {
		a, err := extract.Article([]byte(p.HTML), p.URL)
		if err != nil && !errors.Is(err, extract.ErrEmpty) {
			return badLine(err.Error())
		}
		return emit(articleLine{
			ID: p.ID, Title: a.Title, Text: a.Text, Published: a.Published, Author: a.Author, Lang: a.Lang, URL: a.URL, Image: a.Image,
		})
	}))
}
