package main

import (
	"bytes"
	"slices"
	"strconv"
	"sync"

	"github.com/go-json-experiment/json/jsontext"

	"khue/text/phrase"
)

type radarWatchCmd struct {
	Phrases string `required:"" placeholder:"FILE" help:"${cmd_radar_watch_phrases}"`
	In      string `required:"" placeholder:"FILE" help:"${cmd_radar_watch_in}"`
	Out     string `default:"-" placeholder:"FILE" help:"${cmd_radar_watch_out}"`
}

// phraseLine is a phrase to look for. Lines with one id are spellings of one watch.
type phraseLine struct {
	ID     string `json:"id"`
	Phrase string `json:"phrase"`
}

func (p *phraseLine) check() error {
	if p.ID == "" {
		return badLine("no id")
	}
	return nil
}

// saidLine is a mention as far as watching needs it.
type saidLine struct {
	ID   string  `json:"id"`
	Text *string `json:"text"`
}

func (s *saidLine) check() error {
	switch {
	case s.ID == "":
		return badLine("no id")
	case s.Text == nil:
		return badLine("no text")
	}
	return nil
}

// watchList is the phrases of a run.
type watchList struct {
	set  *phrase.Set
	of   []int32  // the id of each phrase of the set, as a place in ids
	ids  [][]byte // in the order of the file, as JSON
	pool sync.Pool
}

func readWatches(b *batch, file string) (*watchList, error) {
	w := &watchList{}
	w.pool.New = func() any { return newWatcher(w) }
	var builder phrase.Builder
	places := map[string]int32{}
	err := readLines(b, file, func(p phraseLine) error {
		if _, err := builder.Add(p.Phrase, phrase.AsWritten); err != nil {
			return badLine("no letter or digit in the phrase")
		}
		place, ok := places[p.ID]
		if !ok {
			place = int32(len(w.ids))
			places[p.ID] = place
			id, err := jsontext.AppendQuote(nil, p.ID)
			if err != nil {
				return badLine(err.Error())
			}
			w.ids = append(w.ids, id)
		}
		w.of = append(w.of, place)
		return nil
	})
	w.set = builder.Set()
	return w, err
}

// watcher looks through mentions one after another.
type watcher struct {
	list *watchList
	line quickReader
	hits []uint64 // place of the id, then the byte
	hit  func(phrase.Hit)
	out  []byte
}

func newWatcher(list *watchList) *watcher {
	w := &watcher{list: list, line: quickReader{fields: []quickField{{name: "id"}, {name: "text"}}}}
	w.hit = func(h phrase.Hit) { w.hits = append(w.hits, uint64(list.of[h.Phrase])<<32|uint64(h.Start)) }
	return w
}

// maxKept is how many bytes a watcher keeps for the next mention.
const maxKept = 4 << 20

// look writes a line for each phrase that a mention says, in the order in which the phrases were given.
func (w *watcher) look(line []byte, out *written) error {
	id, text, err := w.read(line)
	if err != nil {
		return err
	}
	w.hits = w.hits[:0]
	w.list.set.Scan(text, w.hit)
	if len(w.hits) == 0 {
		return nil
	}
	slices.Sort(w.hits)
	w.hits = slices.Compact(w.hits) // two spellings at one place
	if w.out, err = jsontext.AppendQuote(w.out[:0], id); err != nil {
		return badLine(err.Error())
	}
	w.write(w.out, &out.buf, &out.n)
	if cap(w.line.buf) > maxKept {
		w.line.buf = nil
	}
	if 8*cap(w.hits) > maxKept {
		w.hits = nil
	}
	return nil
}

// read gives a mention's id and text.
func (w *watcher) read(line []byte) (id, text string, err error) {
	if validUTF8(line) && w.line.read(line) {
		if f := w.line.fields; len(f[0].value) > 0 && f[1].value != nil {
			return string(f[0].value), string(f[1].value), nil
		}
	}
	var s saidLine
	if err := decodeLine(line, &s); err != nil {
		return "", "", err
	}
	return s.ID, *s.Text, nil
}

// write writes the sorted hits of a mention.
func (w *watcher) write(mention []byte, out *bytes.Buffer, lines *int64) {
	const none = ^uint64(0)
	last := none
	for _, h := range w.hits {
		b := out.AvailableBuffer()
		if place := h >> 32; place != last {
			if last != none {
				b = append(b, "]}\n"...)
			}
			last = place
			*lines++
			b = append(b, `{"mention":`...)
			b = append(b, mention...)
			b = append(b, `,"phrase":`...)
			b = append(b, w.list.ids[place]...)
			b = append(b, `,"at":[`...)
		} else {
			b = append(b, ',')
		}
		out.Write(strconv.AppendUint(b, h&(1<<32-1), 10))
	}
	out.WriteString("]}\n")
}

// Run finds the phrases of a file in the mentions of another, on every core.
func (c *radarWatchCmd) Run(e *env) error {
	b := startBatch(e)
	list, err := readWatches(b, c.Phrases)
	if err != nil {
		return b.end(err)
	}
	b.extra["phrases"] = list.set.Len()
	return b.end(rawLines(b, c.In, c.Out, func(line []byte, out *written) error {
		w := list.pool.Get().(*watcher)
		err := w.look(line, out)
		list.pool.Put(w)
		return err
	}))
}
