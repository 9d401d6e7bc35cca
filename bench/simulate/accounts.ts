import { Failure, type Actor, type Tree } from './tree.ts';

/** An account as /etc/passwd holds it. */
export interface Account {
  readonly name: string;
  readonly user: string;
  readonly group: string;
  readonly home: string;
}

export function accountsOf(tree: Tree): Account[] {
  return (tree.get('/etc/passwd')?.text ?? '').split('\n').flatMap((line) => {
    const [name, user, group, home] = line.split(':');
    return name === undefined || user === undefined || group === undefined || home === undefined ? [] : [{ name, user, group, home }];
  });
}

export const accountLine = ({ name, user, group, home }: Account): string => `${name}:${user}:${group}:${home}`;

/** A name or a number as a number. @throws Failure for a name that nobody has */
function idOf(tree: Tree, text: string, part: 'user' | 'group'): string {
  if (/^\d+$/.test(text)) return text;
  const found = accountsOf(tree).find(({ name }) => name === text);
  if (found === undefined) throw new Failure(`${text}: no such user`);
  return found[part];
}

/**
 * `user`, `user:group` or numbers, as USER, `chown` and `--chown` take them.
 * @throws Failure for a name that nobody has
 */
export function actorOf(tree: Tree, text: string): Actor {
  const [user = '', group] = text.split(':');
  const known = accountsOf(tree).find((each) => each.name === user || each.user === user);
  return { user: idOf(tree, user, 'user'), group: group === undefined || group === '' ? known?.group ?? '0' : idOf(tree, group, 'group') };
}

export const homeOf = (tree: Tree, { user }: Actor): string => accountsOf(tree).find((each) => each.user === user)?.home ?? '/';
