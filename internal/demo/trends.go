package demo

import (
	"context"
	"strings"

	"khue/radar"
	"khue/regulation"
	"khue/store"
)

// about is which topic and which wards a matter is about, by the matter's key.
var about = map[string]struct {
	topic string
	wards []string
}{
	"cat-nuoc": {"city", []string{"00199"}}, "khong-cat": {"city", []string{"00199"}}, "co-nuoc": {"city", []string{"00199"}}, "mua-roi": {"culture", []string{"00199"}},
	"cau-mau": {"transport", []string{"00097", "00145"}}, "cay-do": {"environment", []string{"00256"}}, "thu-vien": {"education", []string{"00166", "00229", "00235"}},
	"cho-dem": {"economy", []string{"00070"}}, "khong-khi": {"environment", []string{"00103", "00328"}}, "buyt-999": {"transport", []string{"00331"}}, "ngap-45": {"city", []string{"00235"}},
	"thi-thu": {"education", nil}, "phun-muoi": {"health", []string{"00316"}}, "via-he": {"city", []string{"00082"}}, "rau-ma": {"economy", []string{"00454"}}, "tieng-on": {"city", []string{"00082"}},
	"cap-cuu": {"health", []string{"00367", "00433"}}, "den-long": {"culture", []string{"00070", "00103"}}, "lop-boi": {"education", nil}, "lan-xe-dap": {"transport", []string{"00328", "00340"}},
	"dang-ky-kham": {"health", nil}, "cum-mua": {"health", nil}, "thang-may": {"safety", []string{"00337"}}, "cay-giong": {"environment", []string{"00376"}}, "nut-giao": {"transport", []string{"00190"}},
	"mui-khet": {"environment", []string{"00322", "00292"}},
}

// count says of every mention what it is about, as a reader of the house would: it fills the trends of topics and the map of wards.
func (t *teller) count(ctx context.Context) error {
	by := regulation.SystemActor("demo")
	var list []radar.Counted
	for after := (radar.StoryCursor{}); ; {
		page, err := t.h.Radar.Stories(ctx, by, 1, 100, after)
		if err != nil {
			return err
		}
		for _, s := range page.Stories {
			_, mentions, err := t.h.Radar.Story(ctx, by, s.ID, 1000)
			if err != nil {
				return err
			}
			for _, m := range mentions {
				list = append(list, countsOf(m)...)
			}
		}
		if after = page.Next; after.ID == "" {
			break
		}
	}
	return t.h.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error { return t.h.Radar.Count(ctx, tx, list...) })
}

// countsOf gives what a mention is counted in, by the matter in its address: "/tin/cat-nuoc-7.html".
func countsOf(m radar.Mention) (list []radar.Counted) {
	_, name, _ := strings.Cut(m.URL, "/tin/")
	end := strings.LastIndexByte(name, '-')
	if end < 0 {
		return nil
	}
	what := about[name[:end]]
	add := func(kind, key string) {
		list = append(list, radar.Counted{SeriesKey: radar.SeriesKey{Kind: kind, Key: key}, Source: m.Source, At: m.Published, N: 1})
	}
	if what.topic != "" {
		add(radar.KindTopic, what.topic)
	}
	for _, code := range what.wards {
		add(radar.KindPlace, code)
	}
	return list
}
