// What changes on the server changes here. body[data-live] names an event stream (text/event-stream):
//   event: <topic>   data: HTML of one item with an id
// An item whose id is on the page replaces it where it stands. A new one goes to the head of the list
// with data-live-topic=<topic>, at once when the list's head is in sight, else behind "3 mới".
//   event: remove    data: id of an item that is gone
import { fill, say } from "./shared.js"

const parse = html => {
  const box = document.createElement("template")
  box.innerHTML = html.trim()
  box.content.querySelectorAll("script").forEach(s => s.remove())
  return box.content.firstElementChild
}

const lists = [...document.querySelectorAll("[data-live-topic]")]

const atTop = list => {
  const box = list.getBoundingClientRect()
  return box.top >= 0 && box.top < window.innerHeight && !list.querySelector(".selected, :focus-within")
}

const show = (list, items) => {
  for (const item of items) {
    item.classList.add("fresh")
    list.prepend(item)
  }
  say(fill("new", { n: items.length }))
}

for (const list of lists) {
  const waiting = []
  const button = document.createElement("button")
  button.type = "button"
  button.className = "waiting"
  button.hidden = true
  list.before(button)
  button.addEventListener("click", () => {
    show(list, waiting.splice(0))
    button.hidden = true
    list.scrollIntoView({ block: "nearest" })
  })
  list.receive = item => {
    const held = item.id && waiting.findIndex(w => w.id === item.id)
    const there = item.id && document.getElementById(item.id)
    if (there && list.contains(there)) {
      if (there.classList.contains("selected")) item.classList.add("selected")
      if (!there.contains(document.activeElement)) there.replaceWith(item)
    } else if (item.id && held >= 0) waiting[held] = item
    else if (atTop(list) && !waiting.length) show(list, [item])
    else {
      waiting.push(item)
      button.textContent = fill("new", { n: waiting.length }) + " ↑"
      button.hidden = false
      say(button.textContent)
    }
  }
}

const address = document.body.dataset.live
if (address && window.EventSource && lists.length) {
  let stream
  const open = () => {
    stream = new EventSource(address)
    for (const topic of new Set(lists.map(l => l.dataset.liveTopic))) {
      stream.addEventListener(topic, e => {
        const item = parse(e.data)
        if (item) lists.filter(l => l.dataset.liveTopic === topic).forEach((l, i) => l.receive(i ? item.cloneNode(true) : item))
      })
    }
    stream.addEventListener("remove", e => document.getElementById(e.data)?.closest("[data-live-topic] > *")?.remove())
  }
  open()
  window.addEventListener("pagehide", () => stream.close())
  window.addEventListener("pageshow", e => { if (e.persisted) location.reload() })
}
