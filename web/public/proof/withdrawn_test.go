package proof_test

import (
	"strings"
	"testing"

	"khue/insight"
	"khue/regulation"
	"khue/release"
	"khue/web/public/proof"
	"khue/web/webtest"
)

// What was taken back is known still, and told to nobody: not by its proof, not word by word to who has a part of it.
func TestWithdrawnWordsAreGone(t *testing.T) {
	k := webtest.New(t, proof.Register)
	rel := publish(t, k)
	b := k.Visitor(t)
	entry := func() insight.Paper {
		papers, err := k.Insight.Papers(rel.Code)
		if err != nil {
			t.Fatal(err)
		}
		return papers[0]
	}()
	text := "/v/" + rel.Code + "/" + entry.Entry + "/text.txt?lang=vi"
	b.Get(text).Has(t, 200, "214 hộ")
	k.Until(t, func() bool { return strings.Contains(b.Get("/v/"+rel.Code).Body, "text.txt") }) // signed
	b.Get("/v/"+rel.Code).Has(t, 200, "phố Mẫu")
	mai := k.Account(t, "Mai Duyệt", regulation.Post{Role: regulation.Approver, Office: "TTBC"})
	if _, err := k.Releases.Withdraw(k.Ctx, mai, release.WithdrawInput{Ref: release.Ref{ID: rel.ID}, Reason: "Danh sách chưa đúng."}); err != nil {
		t.Fatal(err)
	}
	k.Clock.Add(release.DefaultHold)
	if err := k.Releases.RunSchedule(k.Ctx); err != nil {
		t.Fatal(err)
	}
	k.Until(t, func() bool {
		papers, err := k.Insight.Papers(rel.Code)
		return err == nil && papers[0].Status == insight.TakenBack
	})
	b.Get(text).Has(t, 404).Lacks(t, "214 hộ")
	b.Get("/v/"+rel.Code).Has(t, 200, "proof.txt").Lacks(t, "phố Mẫu", "text.txt")
	altered := strings.NewReplacer("500.000 đồng", "5 triệu đồng", "số 3", "số 9").Replace(official)
	b.Upload("/verify", nil, "text", altered).Has(t, 200, "Đã bị sửa", "thu hồi").Lacks(t, "500.000", "số 3")
	b.Upload("/verify", nil, "text", strings.Split(official, "\n\n")[0]).Has(t, 200, rel.Code, "thu hồi").Lacks(t, "214 hộ")
}
