/**
 * Whether a host name or an address always means this machine: `localhost` and names below it (RFC 6761), 127.0.0.0/8
 * and ::1, with or without brackets.
 */
export function isLoopbackHost(host: string): boolean {
  const name = host.toLowerCase()
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    name === '::1' ||
    name === '[::1]' ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name)
  )
}
