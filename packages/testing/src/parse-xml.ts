import { SaxesParser } from 'saxes'

/** One XML element. */
export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly XmlElement[]
  /** The text directly inside it, line ends normalised as XML demands. */
  readonly text: string
}

interface OpenElement extends XmlElement {
  children: OpenElement[]
  text: string
}

/** Parses a document strictly: what is not well-formed is an error. */
export function parseXml(source: string): XmlElement {
  const parser = new SaxesParser()
  const root: OpenElement = { name: '', attributes: {}, children: [], text: '' }
  const stack = [root]
  parser.on('error', (error) => {
    throw new Error(`The answer is not well-formed XML: ${error.message}\n${source.slice(0, 500)}`)
  })
  parser.on('opentag', ({ name, attributes }) => {
    const element: OpenElement = { name, attributes, children: [], text: '' }
    stack.at(-1)?.children.push(element)
    stack.push(element)
  })
  const addText = (text: string) => {
    const element = stack.at(-1)
    if (element !== undefined) element.text += text
  }
  parser.on('text', addText)
  parser.on('cdata', addText)
  parser.on('closetag', () => {
    stack.pop()
  })
  parser.write(source).close()
  const [element] = root.children
  if (element === undefined) throw new Error(`The answer is no XML document: ${source.slice(0, 500)}`)
  return element
}

/** The first child of this name. */
export function child(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((candidate) => candidate.name === name)
}
