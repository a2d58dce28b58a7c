import { basename } from 'node:path'
import { Marked } from 'marked'

/**
 * Makes a page of the console from a runbook: its title, and the rest as HTML. Done at build time, from files of this repository
 * alone. Other runbooks are pages beside it; what the console has no page for is named by its path.
 */
export function renderRunbook(markdown) {
  const [, title = '', rest = markdown] = /^# ([^\n]+)\n(.*)$/s.exec(markdown) ?? []
  const marked = new Marked({
    gfm: true,
    renderer: {
      // What scrolls must be reachable by keyboard.
      code: ({ text }) => `<pre tabindex="0"><code>${escapeHtml(text)}</code></pre>\n`,
      table(token) {
        return `<div class="runbook-table" tabindex="0" role="group" aria-label="Table">${table.call(this, token)}</div>`
      },
      link({ href, tokens }) {
        const text = this.parser.parseInline(tokens)
        if (/^https?:/.test(href)) return `<a href="${escapeHtml(href)}" target="_blank" rel="noreferrer">${text}</a>`
        const [path = ''] = href.split('#')
        if (/^[\w-]+\.md$/.test(path)) return `<a href="/console/health/runbooks/${basename(path, '.md')}">${text}</a>`
        return `${text} (<code>${escapeHtml(path.replace(/^(\.\.\/)+/, path.startsWith('../../') ? 'docs/' : 'docs/operate/'))}</code>)`
      },
    },
  })
  const { table } = new Marked().Renderer.prototype
  return { title, html: marked.parse(rest) }
}

function escapeHtml(text) {
  const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
  return text.replaceAll(/[&<>"]/g, (character) => entities[character])
}
