/** What `--ecosystem` may be. */
export const ecosystemNames = ['python', 'node', 'go', 'rust', 'java', 'dotnet', 'php', 'ruby', 'static'] as const;
export type EcosystemName = (typeof ecosystemNames)[number];
