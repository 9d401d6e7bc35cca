import { isAbsolute, join } from 'node:path';
import { commands, workspace, type ExtensionContext } from 'vscode';
import { LanguageClient, TransportKind, type Executable } from 'vscode-languageclient/node';

let client: LanguageClient | undefined;

/** The program to start: the one of the settings, if the workspace is trusted, else the one that comes along. */
function programOf(context: ExtensionContext): string {
  const chosen = workspace.isTrusted ? workspace.getConfiguration('shipshape').get<string>('server', '') : '';
  const folder = workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  if (chosen === '') return context.asAbsolutePath(join('dist', 'server', 'cli.js'));
  return isAbsolute(chosen) ? chosen : join(folder, chosen);
}

async function start(context: ExtensionContext): Promise<void> {
  // The editor's own Node runs it: there need be no other.
  const server: Executable = {
    command: process.execPath,
    args: [programOf(context), 'lsp'],
    transport: TransportKind.stdio,
    options: { env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' } },
  };
  client = new LanguageClient('shipshape', 'shipshape', server, {
    // Ignore files are sent too, so that what is not saved yet counts.
    documentSelector: [{ language: 'dockerfile' }, { scheme: 'file', pattern: '**/{,*}.dockerignore' }],
    initializationOptions: { codeLens: workspace.getConfiguration('shipshape').get<boolean>('codeLens', true) },
  });
  await client.start();
}

async function restart(context: ExtensionContext): Promise<void> {
  await client?.dispose();
  await start(context);
}

export async function activate(context: ExtensionContext): Promise<void> {
  const again = (): Promise<void> => restart(context);
  context.subscriptions.push(
    commands.registerCommand('shipshape.restart', again),
    workspace.onDidGrantWorkspaceTrust(again),
    workspace.onDidChangeConfiguration((change) => (['server', 'codeLens'].some((name) => change.affectsConfiguration(`shipshape.${name}`)) ? again() : undefined)),
  );
  await start(context);
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}
