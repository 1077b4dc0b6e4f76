package walk

import "testing"

// TestWalk goes through the house as people do: a rumour is heard, doubted, answered, published, proved; the city speaks first;
// it is asked and answers; and it looks back.
func TestWalk(t *testing.T) {
	w := open(t)
	n := newsroom(t)
	analyst := w.enter("phan-tich", 1440)
	hear(w, analyst, n)
	c := doubt(w, analyst)
	answer(w, analyst, c)
	publish(w, c)
	prove(w, c)
	sayFirst(w)
	ask(w, n)
}
