/** What ends a string, a filter, a line or a path somewhere (K10), by what it is. */
export const hostileTexts: Readonly<Record<string, string>> = {
  'an SQL string': `' OR '1'='1`,
  'an SQL string in double quotes': `" or "1"="1`,
  'a backslash before a quote': `\\' OR 1=1 --`,
  wildcards: `%_*?`,
  'the end of an object': `a} {"b":1}`,
  'an LDAP filter': `)(|(uid=*))`,
  'a second line': 'line\r\nBcc: evil@example.com',
  'a NUL': 'nul\0byte',
  'a path': '../../admin?x=1#y',
  markup: '<!channel> <script>alert(1)</script>',
  'a template': '${{ secrets }} {{ 7*7 }}',
  'a prototype': '__proto__',
  'a text that runs backwards': '\u202egnp.exe',
  'a hundred emoji': '😀'.repeat(100),
  '10 kB': 'x'.repeat(10_240),
}
