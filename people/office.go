package people

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"khue/ledger"
	"khue/problem"
	"khue/profile"
	"khue/regulation"
	"khue/store"
)

// Office is a body that speaks or answers (cơ quan). A ward's code is the statistics office's, "00004"; others have their abbreviation.
type Office struct {
	Code      string
	Name      string
	NameEN    string
	Kind      string // one of profile.OfficeKinds
	Parent    string // code of the body above, or ""
	ValidFrom string // day, or "" when not known
	ValidTo   string // the first day on which it is no more, or ""
	ByLaw     bool   // the legal limits of the rulebook bind it; others are bound by agreement
	Source    string // what binds it
}

// NameIn gives the name for a reader's language.
func (o Office) NameIn(lang string) string {
	if lang == "en" && o.NameEN != "" {
		return o.NameEN
	}
	return o.Name
}

// directory is the offices of the profile laid over by the database's, found by their names.
type directory struct {
	units  *profile.Units
	kinds  []profile.Kind
	former []profile.FormerOffice
	fixed  []Office // of the profile

	mu    sync.RWMutex
	list  []Office       // guarded by mu; never changed, only replaced
	place map[string]int // guarded by mu: code → place in list
	keys  [][]string     // guarded by mu: folded names of list's offices
	fresh bool           // guarded by mu: the database's rows were read
}

func readDirectory(fsys fs.FS) (*directory, error) {
	d := &directory{}
	var err error
	if d.units, err = profile.LoadUnits(fsys); err != nil {
		return nil, err
	}
	if d.kinds, err = profile.LoadKinds(fsys); err != nil {
		return nil, err
	}
	offices, err := profile.LoadOffices(fsys)
	if err != nil {
		return nil, err
	}
	if d.former, err = profile.LoadFormerOffices(fsys, offices); err != nil {
		return nil, err
	}
	for _, o := range offices {
		d.fixed = append(d.fixed, Office{Code: o.Code, Name: o.Name, NameEN: o.NameEN, Kind: o.Kind, Parent: o.Parent, ValidFrom: o.ValidFrom, ValidTo: o.ValidTo})
	}
	for _, u := range d.units.All {
		d.fixed = append(d.fixed, Office{Code: u.Code, Name: u.Name, NameEN: u.NameEN, Kind: "ward", ValidFrom: u.ValidFrom})
	}
	d.lay(nil)
	return d, nil
}

// lay puts rows of the database over the profile's offices.
func (d *directory) lay(over []Office) {
	list := slices.Clone(d.fixed)
	place := make(map[string]int, len(list)+len(over))
	for i, o := range list {
		place[o.Code] = i
	}
	for _, o := range over {
		if i, ok := place[o.Code]; ok {
			list[i] = o
		} else {
			place[o.Code] = len(list)
			list = append(list, o)
		}
	}
	keys := make([][]string, len(list))
	for i := range list {
		o := &list[i]
		for _, k := range d.kinds {
			if k.Kind == o.Kind {
				o.ByLaw, o.Source = k.Binds == "law", k.Source
			}
		}
		keys[i] = []string{profile.Key(o.Code), profile.Key(o.Name), profile.Key(o.NameEN)}
	}
	for _, f := range d.former {
		for _, code := range f.Into {
			if i, ok := place[code]; ok {
				keys[i] = append(keys[i], profile.Key(f.Name), profile.Key(f.Code))
			}
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.list, d.place, d.keys = list, place, keys
}

func (d *directory) get(code string) (Office, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	i, ok := d.place[code]
	if !ok {
		return Office{}, false
	}
	return d.list[i], true
}

func (d *directory) has(code string) bool { _, ok := d.get(code); return ok }

func (d *directory) kind(code string) string { o, _ := d.get(code); return o.Kind }

// readOffices lays the database's rows over, once a process and after each change of its own.
func (p *Room) readOffices(ctx context.Context) error {
	p.book.mu.RLock()
	fresh := p.book.fresh
	p.book.mu.RUnlock()
	if fresh {
		return nil
	}
	rows, err := p.db.Query(ctx, sqlOffices)
	over, err := store.All(rows, err, func(w store.Row) (o Office, err error) {
		err = w.Scan(&o.Code, &o.Name, &o.NameEN, &o.Kind, &o.Parent, &o.ValidFrom, &o.ValidTo)
		return o, err
	})
	if err != nil {
		return fmt.Errorf("read offices: %w", err)
	}
	p.book.lay(over)
	p.book.mu.Lock()
	p.book.fresh = true
	p.book.mu.Unlock()
	return nil
}

// Centre gives the code of the centre's own office.
func (p *Room) Centre() string {
	for _, o := range p.book.fixed {
		if o.Kind == "centre" {
			return o.Code
		}
	}
	return ""
}

// Office gives an office by its code; problem.NotFound when there is none.
func (p *Room) Office(ctx context.Context, code string) (Office, error) {
	if err := p.readOffices(ctx); err != nil {
		return Office{}, err
	}
	o, ok := p.book.get(code)
	if !ok {
		return Office{}, problem.New(problem.NotFound)
	}
	return o, nil
}

// Offices lists every office in force: the profile's in its order, then wards by code, then those added here.
func (p *Room) Offices(ctx context.Context) ([]Office, error) {
	if err := p.readOffices(ctx); err != nil {
		return nil, err
	}
	today := p.now().UTC().Format("2006-01-02")
	p.book.mu.RLock()
	defer p.book.mu.RUnlock()
	list := make([]Office, 0, len(p.book.list))
	for _, o := range p.book.list {
		if o.ValidTo == "" || today < o.ValidTo {
			list = append(list, o)
		}
	}
	return list, nil
}

// Kinds lists the kinds of office and what binds each.
func (p *Room) Kinds() []profile.Kind { return slices.Clone(p.book.kinds) }

// Formerly names the units and departments of before that an office took the place of, each with its district: "Phường Trúc Bạch, Quận Ba Đình".
func (p *Room) Formerly(code string) []string {
	var names []string
	for _, f := range p.book.units.Former {
		if f.Into == code {
			names = append(names, f.Name+", "+f.District)
		}
	}
	for _, f := range p.book.former {
		if slices.Contains(f.Into, code) {
			names = append(names, f.Name)
		}
	}
	return names
}

// maxFound bounds what FindOffice gives.
const maxFound = 20

// FindOffice finds offices in force by any name, with or without marks: of today, in English, the abbreviation, a former ward's,
// commune's, town's, district's or department's. Exact names come first, then names that begin so, then names that hold every word.
func (p *Room) FindOffice(ctx context.Context, text string) ([]Office, error) {
	all, err := p.Offices(ctx)
	if err != nil {
		return nil, err
	}
	k := profile.Key(text)
	if k == "" || len(text) > 400 {
		return nil, nil
	}
	valid := map[string]Office{}
	for _, o := range all {
		valid[o.Code] = o
	}
	var found []Office
	seen := map[string]bool{}
	add := func(code string) {
		if o, ok := valid[code]; ok && !seen[code] {
			seen[code] = true
			found = append(found, o)
		}
	}
	for _, u := range p.book.units.Lookup(text) {
		add(u.Code)
	}
	ranked := make([][]string, 4)
	p.book.mu.RLock()
	for i, o := range p.book.list {
		best := -1
		for _, name := range p.book.keys[i] {
			if r := rank(name, k); r >= 0 && (best < 0 || r < best) {
				best = r
			}
		}
		if best >= 0 {
			ranked[best] = append(ranked[best], o.Code)
		}
	}
	p.book.mu.RUnlock()
	if len(ranked[0]) > 0 { // an exact name goes before what a former ward of that name became
		found, seen = nil, map[string]bool{}
	}
	for _, code := range ranked[0] {
		add(code)
	}
	for _, u := range p.book.units.Lookup(text) {
		add(u.Code)
	}
	for _, codes := range ranked[1:] {
		for _, code := range codes {
			add(code)
		}
	}
	return found[:min(len(found), maxFound)], nil
}

// rank gives how well a folded name answers a folded query: 0 the same, 1 begins so, 2 a word begins so, 3 holds every word, -1 not.
func rank(name, query string) int {
	switch {
	case name == "":
		return -1
	case name == query:
		return 0
	case strings.HasPrefix(name, query):
		return 1
	case strings.Contains(" "+name, " "+query):
		return 2
	}
	for _, w := range strings.Fields(query) {
		if !strings.Contains(" "+name, " "+w) {
			return -1
		}
	}
	return 3
}

// fixedKind says whether offices of a kind come from the profile only.
func fixedKind(kind string) bool { return kind == "ward" || kind == "centre" }

// SetOffice adds a body that the profile does not have, or changes one: a new name, a last day. Its code stays for ever.
func (p *Room) SetOffice(ctx context.Context, by regulation.Actor, in Office) (Office, error) {
	now := p.now()
	if err := p.rules.Can(by, "people.office.set", regulation.Thing{Kind: "office", ID: in.Code, Office: in.Code}, now); err != nil {
		return Office{}, err
	}
	if err := p.readOffices(ctx); err != nil {
		return Office{}, err
	}
	var l problem.List
	in.Code = strings.ToUpper(line(&l, "code", in.Code, 20, true))
	if strings.ContainsAny(in.Code, " /") {
		l.Add("code", problem.Invalid, "why", "@people.why.code")
	}
	in.Name = line(&l, "name", in.Name, maxTitle, true)
	in.NameEN = line(&l, "name_en", in.NameEN, maxTitle, true)
	if !slices.Contains(profile.OfficeKinds, in.Kind) || (fixedKind(in.Kind) || fixedKind(p.book.kind(in.Code))) && in.Kind != p.book.kind(in.Code) {
		l.Add("kind", problem.Invalid, "why", "@people.why.kind")
	}
	if in.Parent != "" && (!p.book.has(in.Parent) || in.Parent == in.Code) {
		l.Add("parent", problem.Invalid, "why", "@people.why.office")
	}
	for field, d := range map[string]string{"valid_from": in.ValidFrom, "valid_to": in.ValidTo} {
		if _, err := day(d); err != nil {
			l.Add(field, problem.Date)
		}
	}
	if err := l.Or(); err != nil {
		return Office{}, err
	}
	err := p.write(ctx, func(ctx context.Context, tx *store.Tx) ([]ledger.Entry, error) {
		_, err := tx.Exec(ctx, sqlPutOffice, in.Code, in.Name, in.NameEN, in.Kind, in.Parent, in.ValidFrom, in.ValidTo, store.Micros(now))
		e := entry(kindOffice, by.ID, "office/"+in.Code, now, officeBody{in.Code, in.Name, in.NameEN, in.Kind, in.Parent, in.ValidFrom, in.ValidTo})
		e.Public = true // public lists name it
		return []ledger.Entry{e}, err
	})
	p.book.mu.Lock()
	p.book.fresh = false
	p.book.mu.Unlock()
	return in, errors.Join(err, p.readOffices(ctx))
}
