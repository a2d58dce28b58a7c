/** Finds schemas of one form or another; "this or null" is none, since every language has a way to say it. */
export default function noChoice(branches) {
  const forms = branches.filter(({ type }) => type !== 'null')
  return forms.length > 1 ? [{ message: '' }] : []
}
