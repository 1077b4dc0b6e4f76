// Ctrl-K: asks body[data-find]?q= for JSON [{title, sub, href}] as one types, with or without marks.
import { fill } from "./shared.js"

const dialog = document.getElementById("dialog-find")
const field = document.getElementById("find-q")
const list = document.getElementById("find-list")
let asking = null, timer = 0

const choose = item => {
  list.querySelector("[aria-selected=true]")?.setAttribute("aria-selected", "false")
  if (!item) return field.removeAttribute("aria-activedescendant")
  item.setAttribute("aria-selected", "true")
  field.setAttribute("aria-activedescendant", item.id)
  item.scrollIntoView({ block: "nearest" })
}

const line = (hit, i) => {
  const item = document.createElement("li"), link = document.createElement("a"), title = document.createElement("span"), sub = document.createElement("small")
  item.setAttribute("role", "presentation")
  link.id = "find-" + i
  link.setAttribute("role", "option")
  link.tabIndex = -1
  link.href = hit.href
  title.textContent = hit.title
  sub.textContent = hit.sub || ""
  link.append(title, sub)
  item.append(link)
  return item
}

const ask = async () => {
  const q = field.value.trim()
  asking?.abort()
  asking = new AbortController()
  try {
    const reply = await fetch(document.body.dataset.find + "?q=" + encodeURIComponent(q), { headers: { Accept: "application/json" }, signal: asking.signal })
    if (!reply.ok) return
    const hits = (await reply.json()).filter(h => typeof h.href === "string" && h.href.startsWith("/"))
    list.replaceChildren(...hits.slice(0, 20).map(line))
    if (!hits.length && q) {
      const none = document.createElement("li")
      none.className = "none quiet"
      none.textContent = fill("none", { q })
      list.append(none)
    }
    choose(list.querySelector("[role=option]"))
  } catch { /* another question came, or the network is gone: the last answer stands */ }
}

list?.addEventListener("click", e => { if (e.target.closest("a")) dialog.close() }) // the hit may be on this very page
field?.addEventListener("input", () => {
  clearTimeout(timer)
  timer = setTimeout(ask, 80)
})
dialog?.addEventListener("focusin", () => { if (!list.children.length) ask() }, { once: true })
field?.addEventListener("keydown", e => {
  const all = [...list.querySelectorAll("[role=option]")], at = all.findIndex(o => o.getAttribute("aria-selected") === "true")
  if (e.key === "ArrowDown") choose(all[Math.min(all.length - 1, at + 1)])
  else if (e.key === "ArrowUp") choose(all[Math.max(0, at - 1)])
  else if (e.key === "Enter") all[at]?.click()
  else return
  e.preventDefault()
})
