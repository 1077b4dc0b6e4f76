package insight

import (
	"khue/text/verify"
)

// Touched is which sealed texts of the city a story touches: the one that it repeats or alters, or those that share its words.
type Touched struct {
	Verification       // zero when the text repeats none
	Near         []Hit // of the same words, the best first
}

// nearMost is how many texts of the same words are told.
const nearMost = 3

// Touching holds what a story says, by the text of one of its mentions, against the sealed texts; problem.Loading until they are
// in memory. It is a hint to look: an article may speak of a thing in its own words.
func (r *Room) Touching(title, body string) (Touched, error) {
	v, err := r.Verify(title + "\n" + body)
	if err != nil {
		return Touched{}, err
	}
	if v.Verdict != verify.Unknown {
		return Touched{Verification: v}, nil
	}
	near, err := r.Search(title, nearMost)
	return Touched{Near: near}, err
}
