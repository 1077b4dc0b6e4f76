// What is typed into [data-draft] is kept on this device until the form is sent and answered.
// A form that came back with a value of its own keeps that value.
import { fill, hour, kept, say } from "./shared.js"

const day = 24 * 60 * 60 * 1000
const keyOf = field => "khue-draft:" + location.pathname + ":" + field.dataset.draft

const note = (field, text) => {
  let line = field.parentElement.querySelector(".saved")
  if (!line) {
    line = document.createElement("p")
    line.className = "saved"
    field.after(line)
  }
  line.textContent = text
}

for (const field of document.querySelectorAll("[data-draft]")) {
  const draft = kept.get(keyOf(field))
  if (draft && Date.now() - draft.at > 14 * day) kept.drop(keyOf(field))
  else if (draft && draft.text && !field.value) {
    field.value = draft.text
    note(field, fill("restored", { time: hour(draft.at) }))
  }
  let timer = 0
  field.addEventListener("input", () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      const at = Date.now()
      if (!field.value) return kept.drop(keyOf(field))
      if (kept.set(keyOf(field), { text: field.value, at })) note(field, fill(navigator.onLine ? "draft" : "offline", { time: hour(at) }))
    }, 400)
  })
  // Sent drafts are dropped only when the next page has come without this field being wrong or the session over.
  field.form?.addEventListener("submit", () => kept.set("khue-sent", [...(kept.get("khue-sent") || []), keyOf(field)].slice(-20)))
}

const sent = kept.get("khue-sent")
if (sent && !document.querySelector(".faults, input[type=password]")) {
  sent.forEach(kept.drop)
  kept.drop("khue-sent")
  document.querySelectorAll("[data-draft]").forEach(f => { if (sent.includes(keyOf(f))) { f.value = f.defaultValue; f.parentElement.querySelector(".saved")?.remove() } })
}
window.addEventListener("offline", () => say(fill("offline")))
