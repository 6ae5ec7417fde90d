import { useLocation, useParams } from 'react-router-dom';

/** The addresses of the inner tabs, wherever the app has put the tab. */
export interface TabPaths {
  request: string;
  approvals: string;
  terminal: string;
}

export const SUB_PATHS = { approvals: 'approvals', terminal: 'terminal' };

export function useTabPaths(): TabPaths {
  const base = withoutSubPath(useLocation().pathname, useParams()['*']);
  return {
    request: base,
    approvals: `${base}/${SUB_PATHS.approvals}`,
    terminal: `${base}/${SUB_PATHS.terminal}`,
  };
}

/**
 * The address of the tab itself. Not by resolving `.`, which means something else in an app that has opted in to
 * React Router's `v7_relativeSplatPath`.
 */
function withoutSubPath(pathname: string, subPath: string = ''): string {
  const base = pathname.endsWith(subPath)
    ? pathname.slice(0, pathname.length - subPath.length)
    : pathname;
  return base.replace(/\/+$/, '');
}
