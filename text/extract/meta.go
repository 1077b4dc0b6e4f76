package extract

type meta struct{ title, author string }

func (p *page) meta() meta { return meta{title: p.title} }
