import { Component, type ReactNode } from 'react';
import { toErrorReport, type ErrorReport } from '../lib/errors';
import { Button } from '../ui/button';
import { Message } from './message';

interface Props {
  /** Where the fault was: 'the Explore panel'. */
  where: string;
  /** No room for more than a line. */
  small?: boolean;
  children: ReactNode;
}

/** Keeps a fault of one panel from taking the page with it, and offers ways on. */
export class ErrorBoundary extends Component<Props, { error: ErrorReport | null }> {
  override state = { error: null as ErrorReport | null };

  static getDerivedStateFromError(error: unknown) {
    return { error: toErrorReport(error) };
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    if (this.props.small) {
      return (
        <Button onClick={() => location.reload()} title={error.message}>
          Something broke in {this.props.where}: reload
        </Button>
      );
    }
    return (
      <Message title={`Something broke in ${this.props.where}`} role="alert">
        <p>
          {error.message} <small>({error.code})</small>
        </p>
        <p>{error.hint}</p>
        <div>
          <Button look="primary" onClick={() => this.setState({ error: null })}>
            Try again
          </Button>
          <Button onClick={() => location.reload()}>Reload the page</Button>
        </div>
      </Message>
    );
  }
}
