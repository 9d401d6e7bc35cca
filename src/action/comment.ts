import { numberOf, textOf } from './answer.ts';
import type { Api } from './api.ts';
import { shortened } from './runner.ts';

/** How our comment begins, to find it again. */
const mark = '<!-- shipshape -->';

const longestComment = 60_000;

/** Comments that are looked through for ours. */
const mostComments = 3000;

/** Anyone may write a comment that begins as ours do. The token of a workflow writes as a bot, one of a person as that person. */
const isOurs = (comment: unknown): boolean =>
  textOf(comment, 'user', 'type') === 'Bot' || ['OWNER', 'MEMBER', 'COLLABORATOR'].includes(textOf(comment, 'author_association') ?? '');

/**
 * Puts a comment on a pull request, or brings the one that is there up to date.
 * @param isNews false when there is nothing to say; then only a comment that is there already is changed
 * @throws {ApiError}
 */
export async function postComment(api: Api, pull: number, markdown: string, isNews: boolean): Promise<void> {
  const body = shortened(`${mark}\n${markdown}`, longestComment);
  const comments = await api.all(`/issues/${pull}/comments`, mostComments);
  const own = comments.find((comment) => (textOf(comment, 'body') ?? '').startsWith(mark) && isOurs(comment));
  const id = numberOf(own, 'id');
  if (id !== undefined) {
    if (textOf(own, 'body') !== body) await api.send('PATCH', `/issues/comments/${id}`, { body });
  } else if (isNews) {
    await api.send('POST', `/issues/${pull}/comments`, { body });
  }
}
