export interface ReleaseFacts {
  readonly version: string;
  readonly releaseBranch: string;
  readonly branch: string;
  /** `git status --porcelain`: empty when everything is committed. */
  readonly changes: string;
  readonly tags: readonly string[];
  readonly changelog: string;
}

/** Every reason not to release, each with what to do. */
export function refusals(facts: ReleaseFacts): readonly string[] {
  const { version, releaseBranch, branch, changes, tags, changelog } = facts;
  const reasons: string[] = [];
  if (changes !== '')
    reasons.push(`the tree has changes that no commit holds; commit or remove them:\n${changes}`);
  if (branch !== releaseBranch) {
    reasons.push(`releases are made from ${releaseBranch}, this is ${branch}; check out ${releaseBranch}`);
  }
  if (tags.includes(`v${version}`)) {
    reasons.push(`version ${version} is tagged already; raise "version" in package.json`);
  }
  const heading = new RegExp(`^## \\[${version.replaceAll('.', '\\.')}\\] - \\d{4}-\\d{2}-\\d{2}$`, 'm');
  if (!heading.test(changelog)) {
    reasons.push(
      `CHANGELOG.md has no heading "## [${version}] - YYYY-MM-DD"; move what is under Unreleased there`,
    );
  }
  return reasons;
}
