// What changes on the server changes here. body[data-live] names the event stream of web/live:
//   event: entry   data: {"kind": "release.published", "thing": "release/0198…", …}
//   event: gap     too much was missed to be told one by one
// An event says only that something changed; what to show is taken from this page, fetched again. A list with
// data-live-topic="release claim" listens to kinds of these rooms ("*" to all). An item whose id is on the page is
// replaced where it stands; a new one goes to its place when the list's head is in sight, else it waits behind "3 mới".
// A [data-live-group] around a list is hidden while the list is empty. When the page has other lists than this one, it is offered anew.
// [data-live-part] (figures, counts of the menu) is replaced as it is. A page about one thing (body[data-live-thing]) is left as it is
// read, and offers the newer one when its main part has changed.
import { fill, say } from "./shared.js"

const lists = [...document.querySelectorAll("[data-live-topic]")]
const parts = root => [...root.querySelectorAll("[data-live-part]")]
const desk = !!document.querySelector(".desk, .wall") // a wall is one reader, whom nobody asks to look again
const thing = document.body.dataset.liveThing
const shown = page => page.querySelector("main")?.textContent
const first = thing && shown(document)

// groupOf is the part of the page that is hidden with an empty list.
const groupOf = list => list.closest("[data-live-group]") || list

const atTop = list => {
  if (groupOf(list).hidden) return !window.scrollY && !document.querySelector("main .selected, main :focus") // it would push what is read
  const box = list.getBoundingClientRect()
  return box.top >= 0 && box.top < window.innerHeight && !list.querySelector(".selected, :focus")
}

const same = (a, b) => {
  const x = a.cloneNode(true), y = b.cloneNode(true)
  x.classList.remove("selected", "fresh")
  if (!x.className) x.removeAttribute("class")
  return x.isEqualNode(y)
}

// Each list with the button its new items wait behind.
const followed = lists.map((list, at) => {
  const one = { list, at, waiting: [], button: document.createElement("button") }
  one.button.type = "button"
  one.button.className = "waiting"
  one.button.hidden = true
  list.before(one.button)
  one.button.addEventListener("click", () => {
    place(one, one.waiting)
    one.list.scrollIntoView({ block: "nearest" })
  })
  return one
})

// place shows new items, each before the item that follows it on the server's page.
const place = (one, items) => {
  for (const { item, before } of [...items].reverse()) {
    item.classList.add("fresh")
    one.list.insertBefore(item, before && [...one.list.children].find(c => c.id === before) || (before ? one.list.firstElementChild : null))
  }
  one.waiting = []
  one.button.hidden = true
  groupOf(one.list).hidden = one.list !== groupOf(one.list) && !one.list.children.length
  if (items.length) say(fill("new", { n: items.length }))
}

const merge = (one, other) => {
  const mine = new Map([...one.list.children].filter(c => c.id).map(c => [c.id, c]))
  const theirs = [...other.children], fresh = []
  theirs.forEach((item, i) => {
    const there = mine.get(item.id)
    mine.delete(item.id)
    if (!item.id || there && (same(there, item) || there.contains(document.activeElement))) return
    if (!there) return fresh.push({ item: document.importNode(item, true), before: theirs.slice(i + 1).find(c => c.id)?.id })
    const next = document.importNode(item, true)
    next.classList.toggle("selected", there.classList.contains("selected"))
    there.replaceWith(next)
  })
  if (atTop(one.list)) {
    mine.forEach(gone => gone.remove()) // what is done leaves the list, but never under the reader's eyes
    return place(one, fresh)
  }
  if (groupOf(one.list).hidden) groupOf(one.list).before(one.button)
  const before = one.waiting.length
  one.waiting = fresh
  one.button.hidden = !fresh.length
  one.button.textContent = fill("new", { n: fresh.length }) + " ↑"
  if (fresh.length > before) say(one.button.textContent)
}

// offer says that what is read here has changed: whoever reads decides when to leave their line.
const offer = () => {
  if (document.querySelector("button.changed")) return
  const button = document.createElement("button")
  button.type = "button"
  button.className = "changed"
  button.textContent = fill("changed")
  button.addEventListener("click", () => location.reload())
  document.body.append(button)
  say(button.textContent)
}

let timer = 0, busy = false, again = false
const refresh = async () => {
  timer = 0
  if (busy) { again = true; return }
  busy = true
  try {
    const reply = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-cache" })
    if (reply.ok && !reply.redirected) {
      const page = new DOMParser().parseFromString(await reply.text(), "text/html")
      const others = page.querySelectorAll("[data-live-topic]")
      if (others.length === lists.length) followed.forEach(one => merge(one, others[one.at]))
      else offer()
      if (thing && shown(page) !== first) offer()
      const now = parts(page)
      parts(document).forEach((part, i) => {
        if (now[i] && !part.isEqualNode(now[i]) && !part.contains(document.activeElement)) part.replaceWith(document.importNode(now[i], true))
      })
    } else if (desk && reply.redirected || thing && (reply.status === 404 || reply.status === 410)) offer() // logged out, or gone
  } catch { /* the network is gone: the next event or minute tries again */ }
  busy = false
  if (again) { again = false; soon() }
}

// Readers of public pages come back spread over three seconds, so that one event is not one blow.
const soon = () => { timer ||= setTimeout(refresh, desk ? 150 : 200 + 2800 * Math.random()) }

const concerns = (kind, what) => thing && what === thing || lists.some(l => l.dataset.liveTopic.split(" ").some(t => t === "*" || t === kind || kind.startsWith(t + ".")))

const address = document.body.dataset.live
if (address && window.EventSource && (lists.length || thing)) {
  const stream = new EventSource(address)
  stream.addEventListener("entry", e => {
    try {
      const { kind, thing: what } = JSON.parse(e.data)
      if (concerns(kind || "", what)) soon()
    } catch { /* not of this version: leave it */ }
  })
  stream.addEventListener("gap", soon)
  // What changed between this page and its stream, or while the stream was cut, was told to nobody: look again. On public pages
  // only after a cut, so that a crowd that comes is not two.
  let open = desk
  stream.addEventListener("open", () => { if (open) soon(); open = true })
  window.addEventListener("pagehide", () => stream.close())
  window.addEventListener("pageshow", e => { if (e.persisted) location.reload() })
  // The stream tells what is public. What only staff may know is looked up once a minute while the page is seen.
  if (desk) setInterval(() => { if (!document.hidden) soon() }, 60000)
}
