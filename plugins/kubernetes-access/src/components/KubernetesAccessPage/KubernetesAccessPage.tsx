import { Content, Header, Page } from '@backstage/core-components';
import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { kubernetesAccessTranslationRef } from '../../translation';
import { PageRoutes } from './PageRoutes';

/** The top-level page for the new front-end system, which puts the plugin's header above it. */
export function KubernetesAccessPage() {
  return (
    <Content>
      <PageRoutes />
    </Content>
  );
}

/** The top-level page for legacy apps. */
export function KubernetesAccessLegacyPage() {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  return (
    <Page themeId="tool">
      <Header title={t('page.title')} subtitle={t('page.subtitle')} />
      <Content>
        <PageRoutes />
      </Content>
    </Page>
  );
}
