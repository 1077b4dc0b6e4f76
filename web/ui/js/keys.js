// J and K move in [data-rows], Enter opens, E does the next step, / filters, ? shows the keys, N puts something in. A row's own keys stand in data-key.
import { typing } from "./shared.js"

const rows = () => [...document.querySelectorAll("[data-rows] > li")]
let chosen = null

const select = row => {
  if (!row) return
  chosen?.classList.remove("selected")
  chosen = row
  row.classList.add("selected")
  row.querySelector("a.title, .next")?.focus({ preventScroll: true })
  row.scrollIntoView({ block: "nearest" })
}

const move = step => {
  const all = rows()
  chosen = document.querySelector("[data-rows] > .selected") || chosen
  const at = all.indexOf(chosen)
  select(all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + step))])
}

export const open = id => {
  const dialog = document.getElementById("dialog-" + id)
  if (!dialog?.showModal) return false
  dialog.showModal()
  dialog.querySelector("input, textarea, button")?.focus()
  return true
}

const acts = {
  j: () => move(1),
  k: () => move(-1),
  e: () => document.querySelector("[data-rows] > .selected .next")?.click(),
  Enter: () => document.querySelector("[data-rows] > .selected a.title")?.click(),
  "/": () => document.querySelector("[data-filter]")?.focus(),
  "?": () => open("keys"),
  n: () => open("note"),
}

document.addEventListener("keydown", e => {
  if (e.isComposing || document.querySelector("dialog[open]") || e.altKey) return
  if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === "k") {
    if (open("find")) e.preventDefault()
    return
  }
  if (e.ctrlKey || e.metaKey || typing(e.target)) return
  if (e.key === "Enter" && e.target !== document.body) return // the browser opens what has the focus
  const own = document.querySelector(`[data-rows] > .selected [data-key="${CSS.escape(e.key)}"]`)
  if (own) {
    e.preventDefault()
    own.click()
    return
  }
  const act = acts[e.key.length === 1 ? e.key.toLowerCase() : e.key]
  if (!act) return
  e.preventDefault()
  act()
})

document.addEventListener("focusin", e => {
  const row = e.target.closest?.("[data-rows] > li")
  if (!row || row === chosen) return
  chosen?.classList.remove("selected")
  chosen = row
  row.classList.add("selected")
})

document.addEventListener("click", e => {
  const opener = e.target.closest?.("[data-open]")
  if (opener && open(opener.dataset.open)) e.preventDefault()
  if (e.target.closest?.("[data-close]") || e.target.matches?.("dialog[open]")) e.target.closest("dialog")?.close()
})
