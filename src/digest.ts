/** The SHA-256 of a text in hexadecimal digits. Node.js loads what makes it when it is first asked for: most runs never do. */
export const digest = (text: string): string => process.getBuiltinModule('node:crypto').createHash('sha256').update(text).digest('hex');
