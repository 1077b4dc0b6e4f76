// Two helps for forms, each asked for by the form itself:
//   data-autosave="/address"  posts the form as it stands two seconds after the last key; 409 means that somebody else was faster
//   data-progress             shows how much of the files has been sent; without a script the browser shows it in its own way
import { fill, hour, say } from "./shared.js"

const lineOf = form => {
  let line = form.querySelector("[data-saved]")
  if (!line) {
    line = document.createElement("p")
    line.className = "saved"
    line.dataset.saved = ""
    line.setAttribute("role", "status")
    form.append(line)
  }
  return line
}

for (const form of document.querySelectorAll("form[data-autosave]")) {
  const line = lineOf(form)
  let timer = 0, going = null, stopped = false
  const save = async () => {
    going?.abort()
    going = new AbortController()
    try {
      const reply = await fetch(form.dataset.autosave, { method: "POST", body: new URLSearchParams([...new FormData(form)].filter(([, v]) => typeof v === "string")), signal: going.signal, headers: { Accept: "application/json" } })
      stopped = reply.status === 409
      line.textContent = reply.ok ? fill("saved", { time: hour(Date.now()) }) : fill(stopped ? "conflict" : "unsaved")
      const version = reply.ok && reply.headers.get("X-Version")
      if (version && form.elements.version) form.elements.version.value = version
    } catch (fault) {
      if (fault.name !== "AbortError") line.textContent = fill("unsaved")
    }
  }
  form.addEventListener("input", () => {
    clearTimeout(timer)
    if (!stopped) timer = setTimeout(save, 2000)
  })
  form.addEventListener("submit", () => { clearTimeout(timer); going?.abort() })
}

const chosen = form => [...form.querySelectorAll("input[type=file]")].some(f => f.files.length)

for (const form of document.querySelectorAll("form[data-progress]")) {
  form.addEventListener("submit", e => {
    if (!chosen(form) || e.defaultPrevented) return
    e.preventDefault()
    const line = lineOf(form), bar = document.createElement("progress"), request = new XMLHttpRequest(), body = new FormData(form, e.submitter)
    const buttons = [...form.querySelectorAll("button")]
    const end = () => { bar.remove(); buttons.forEach(b => { b.disabled = false }); line.textContent = fill("failed"); say(line.textContent) }
    bar.max = 100
    bar.setAttribute("aria-label", fill("sending", { n: 0 }))
    line.before(bar)
    buttons.forEach(b => { b.disabled = true })
    request.upload.onprogress = p => {
      if (!p.lengthComputable) return
      bar.value = Math.floor(100 * p.loaded / p.total)
      line.textContent = bar.value < 100 ? fill("sending", { n: bar.value }) : fill("checking")
    }
    request.onload = () => {
      if (request.status < 400) return location.assign(request.getResponseHeader("X-Location") || request.responseURL || location.href)
      // A form that came back with faults: they stand in its page; the form here keeps its files.
      const faults = new DOMParser().parseFromString(request.responseText, "text/html").querySelector(".faults")
      end()
      document.querySelector(".faults")?.remove()
      if (faults) { form.before(faults); faults.focus() }
    }
    request.onerror = request.onabort = end
    request.open("POST", e.submitter?.hasAttribute("formaction") ? e.submitter.formAction : form.getAttribute("action") || location.href)
    request.setRequestHeader("X-Progress", "1") // the answer names the next page instead of leading to it: what it says once is for the reader
    request.send(body)
  })
}
