package cluster

import "khue/text"

// read fills the bag from a mention and gives a hash of what it says.
func (c *Clusterer) read(m Mention) uint64 {
	var said uint64
	c.toks, said = c.bag.fill(c.toks, text.Normalize(m.Title), text.Normalize(m.Text))
	return said
}
