import { ToolboxError } from '../../base/index.js';

/**
 * Renders a `str.format` template whose only argument is the configuration: `{0.RESULT_DB_USER}` is replaced by that
 * variable, URL-encoded so that any password gives a valid URL; `{{` and `}}` stand for braces.
 *
 * @throws CONFIG_INVALID naming the setting and the placeholder that cannot be rendered.
 */
export function renderTemplate(
  setting: string,
  template: string,
  self: Readonly<Record<string, unknown>>,
): string {
  return template.replace(/\{\{|\}\}|\{([^{}]*)\}|[{}]/g, (token, field: string | undefined) => {
    if (token === '{{' || token === '}}') return token.charAt(0);
    if (field === undefined)
      throw cannotRender(setting, `a single ${token} has no partner`, 'write {{ or }} for a brace');
    const name = /^0\.([A-Za-z_][A-Za-z0-9_]*)$/.exec(field)?.[1];
    if (name === undefined) {
      throw cannotRender(
        setting,
        `{${field}} is not a placeholder`,
        'write {0.NAME} for the variable NAME of the Config',
      );
    }
    const value = self[name];
    if (typeof value !== 'string' && typeof value !== 'number') {
      throw cannotRender(
        setting,
        `{0.${name}} has no value`,
        `set ${name} on the Config or in the environment`,
      );
    }
    return encodeURIComponent(String(value));
  });
}

function cannotRender(setting: string, why: string, remedy: string): ToolboxError {
  return new ToolboxError('CONFIG_INVALID', `${setting}: cannot be rendered, ${why}; ${remedy}`, {
    fields: { key: setting },
  });
}
