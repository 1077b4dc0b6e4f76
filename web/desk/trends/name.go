package trends

import (
	"net/url"

	"khue/catalogue"
	"khue/problem"
	"khue/radar"
	"khue/regulation"
	"khue/web/frame"
)

// everything is the key in addresses of the series that counts everything, whose own is empty.
const everything = "all"

// address gives the page of a series.
func address(k radar.SeriesKey) string {
	key := k.Key
	if k.Kind == radar.KindAll {
		key = everything
	}
	return "/desk/trends/" + k.Kind + "/" + url.PathEscape(key)
}

// keyOf reads the series that an address names.
func keyOf(r *frame.Request) radar.SeriesKey {
	k := radar.SeriesKey{Kind: r.PathValue("kind"), Key: r.PathValue("key")}
	if k.Kind == radar.KindAll && k.Key == everything {
		k.Key = ""
	}
	return k
}

// name gives what a series is called in the reader's language, and the language of that name, "" for the page's. What is not there is
// problem.NotFound.
func (d desk) name(r *frame.Request, a regulation.Actor, k radar.SeriesKey) (name, lang string, err error) {
	l := r.Lang
	switch k.Kind {
	case radar.KindAll:
		if k.Key == "" {
			return l.T("trend.all"), "", nil
		}
	case radar.KindStory:
		s, _, err := d.s.Radar.Story(r.Context(), a, k.Key, 1)
		return s.Headline, s.Lang, err
	case radar.KindSource:
		s, err := d.s.Radar.Source(r.Context(), a, k.Key)
		return s.Name, "vi", err
	case radar.KindPlace:
		if u, ok := d.units[k.Key]; ok {
			if l == catalogue.EN {
				return u.NameEN, "", nil
			}
			return u.Name, "", nil
		}
	case radar.KindOffice:
		o, err := d.s.People.Office(r.Context(), k.Key)
		if err == nil {
			return o.NameIn(string(l)), "", nil
		}
		return "", "", err
	case radar.KindTopic:
		for _, key := range []string{"topic." + k.Key, "radar.topic." + k.Key, "claim.topic." + k.Key} {
			if l.Has(key) {
				return l.T(key), "", nil
			}
		}
		return k.Key, "vi", nil
	case radar.KindWatch:
		return k.Key, "vi", nil
	}
	return "", "", problem.New(problem.NotFound)
}
