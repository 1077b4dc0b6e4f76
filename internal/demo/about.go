package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/goccy/go-yaml"

	"khue/radar"
)

// english is the one outlet that writes in English, and its pieces on matters of the others.
type english struct {
	Outlet outlet `yaml:"outlet"`
	Pieces []struct {
		When   `yaml:",inline"`
		Matter string   `yaml:"matter"`
		Title  string   `yaml:"title"`
		Paras  []string `yaml:"paras"`
	} `yaml:"pieces"`
}

// addEnglish lets the English outlet publish, too. It draws no lots: the others tell what they told without it.
func (p *Press) addEnglish(end time.Time) (outlet, error) {
	const name = "content/english.yaml"
	var e english
	data, err := files.ReadFile(name)
	if err != nil {
		return e.Outlet, err
	}
	if err := yaml.UnmarshalWithOptions(data, &e, yaml.Strict()); err != nil {
		return e.Outlet, fmt.Errorf("demo: %s: %w", name, err)
	}
	host := e.Outlet.Host
	p.outlets[host] = e.Outlet
	for i, piece := range e.Pieces {
		at, err := piece.of(end)
		if err != nil {
			return e.Outlet, fmt.Errorf("%s: piece %d: %w", name, i+1, err)
		}
		a := article{path: fmt.Sprintf("/news/%s-%d.html", piece.Matter, i+1), title: piece.Title, paras: piece.Paras, at: at, matter: piece.Matter + "-en"}
		p.pieces[host] = append(p.pieces[host], a)
		p.byPath[host+a.path] = a
	}
	slices.SortFunc(p.pieces[host], func(a, b article) int { return b.at.Compare(a.at) })
	return e.Outlet, nil
}

// together lets the centre's people work on stories: they follow them, write notes, correct a topic, merge what the radar parted.
func (t *teller) together(context.Context) error {
	for _, step := range []struct {
		when   When
		matter string
		do     func(ctx context.Context, story string) error
	}{
		{When{11, "09:20"}, "cay-do", func(ctx context.Context, story string) error {
			return t.h.Radar.Correct(ctx, t.centre("phan-tich"), story, radar.ByTopic, "environment.disasters")
		}},
		{When{10, "20:05"}, "cat-nuoc", func(ctx context.Context, story string) error {
			return t.h.Radar.Follow(ctx, t.centre("phan-tich"), story, true)
		}},
		{When{10, "20:15"}, "cat-nuoc", func(ctx context.Context, story string) error {
			return t.h.Radar.Follow(ctx, t.centre("truc-ban"), story, true)
		}},
		{When{10, "20:20"}, "cat-nuoc", func(ctx context.Context, story string) error {
			return t.h.Radar.Note(ctx, t.centre("truc-ban"), story, "Đã gọi phường Láng: không có lịch cắt nước bảy ngày. Phường hứa gửi lịch nối ống trong tối nay.")
		}},
		{When{6, "09:00"}, "co-nuoc", func(ctx context.Context, story string) error {
			into, _, err := t.story(ctx, "khong-cat")
			if err != nil || into == "" || into == story {
				return err
			}
			_, err = t.h.Radar.Merge(ctx, t.centre("phan-tich"), story, into, "Cùng việc nối ống phố Mẫu: báo trước và báo đã xong.")
			return err
		}},
		{When{0, "08:30"}, "mui-khet", func(ctx context.Context, story string) error {
			return t.h.Radar.Follow(ctx, t.centre("phan-tich"), story, true)
		}},
		{When{0, "08:40"}, "mui-khet", func(ctx context.Context, story string) error {
			return t.h.Radar.Note(ctx, t.centre("phan-tich"), story, "Mỗi nguồn kể một nơi bốc mùi khác nhau. Chờ số đo của trạm gần nhất rồi mới mở kiểm chứng.")
		}},
	} {
		at, err := step.when.of(t.end)
		if err != nil {
			return err
		}
		t.s.at(at, "work on the story of "+step.matter, func(ctx context.Context) error {
			story, _, err := t.story(ctx, step.matter)
			if err != nil || story == "" { // the radar has not heard of it yet
				return err
			}
			return step.do(ctx, story)
		})
	}
	return nil
}
