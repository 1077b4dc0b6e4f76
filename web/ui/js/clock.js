// Clocks that count minutes go on while the page is open; the words are those of clock.go.
import { fill } from "./shared.js"

const span = ms => {
  const minutes = Math.floor(ms / 60000), days = Math.floor(minutes / 1440), hours = Math.floor(minutes / 60) % 24, rest = minutes % 60
  const word = (key, n) => fill(key, { n })
  if (days >= 2) return word("days", days)
  if (days === 1) return word("day", 1) + (hours ? " " + word(hours === 1 ? "hour" : "hours", hours) : "")
  if (hours) return word(hours === 1 ? "hour" : "hours", hours) + (rest ? " " + word("minutes", rest < 10 ? "0" + rest : rest) : "")
  return rest ? word("minutes", rest) : fill("moment")
}

const tick = () => {
  for (const clock of document.querySelectorAll(".clock[data-due]")) {
    const due = Number(clock.dataset.due), opened = Number(clock.dataset.opened), left = due - Date.now()
    const share = left > 0 && due > opened ? Math.min(100, Math.floor(100 * left / (due - opened))) : 0
    const tone = left <= 0 ? "late" : left <= 7200000 || share <= 15 ? "soon" : ""
    clock.className = ("clock " + tone).trim()
    clock.querySelector(".bar > i").className = "left-" + share
    clock.querySelector(".words").textContent = left > 0 ? fill("left", { span: span(left) }) : left > -60000 ? fill("just") : fill("late", { span: span(-left) })
  }
}
// A page of a demo or a test may be rendered by another clock than this device's: then its words stand as they came.
const now = Number(document.body.dataset.now || 0)
if (!now || Math.abs(now - Date.now()) < 300000) setInterval(tick, 30000)

// The hold is counted by the server's clock, whatever this device's says; when it ends the page tells what has left.
const ahead = now ? now - Date.now() : 0
for (const form of document.querySelectorAll("form[data-until]")) {
  const place = form.querySelector("[data-undo-words]"), pattern = place?.dataset.undoWords || ""
  const left = () => Math.ceil((Number(form.dataset.until) - Date.now() - ahead) / 1000)
  const open = left() > 0
  const timer = setInterval(() => {
    if (left() > 0) { if (place) place.textContent = pattern.replace("{n}", left()) }
    else { clearInterval(timer); form.hidden = true; if (open) setTimeout(() => location.reload(), 1500) }
  }, 250)
}
