import { Component, type ReactNode } from 'react';
import { toErrorReport, type ErrorReport } from '../lib/errors';
import { Button } from '../ui/button';
import { retryParts } from '../ui/lazy-part';
import { Message } from './message';

interface Props {
  /** Where the fault was: 'the Explore panel'. */
  where: string;
  /** No room for more than a line. */
  small?: boolean;
  /** Nothing to be said: what is missing is a help and no more. */
  silent?: boolean;
  /** Tries again by itself when this changes. */
  retryOn?: unknown;
  children: ReactNode;
}

/** Keeps a fault of one panel from taking the page with it, and offers ways on. */
export class ErrorBoundary extends Component<Props, { error: ErrorReport | null }> {
  override state = { error: null as ErrorReport | null };

  static getDerivedStateFromError(error: unknown) {
    return { error: toErrorReport(error) };
  }

  private retry = () => {
    retryParts();
    this.setState({ error: null });
  };

  override componentDidUpdate({ retryOn }: Props) {
    if (this.state.error && retryOn !== this.props.retryOn) this.retry();
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    if (this.props.silent) return null;
    if (this.props.small) {
      return (
        <Button onClick={this.retry} title={error.message}>
          Something broke in {this.props.where}: try again
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
          <Button look="primary" onClick={this.retry}>
            Try again
          </Button>
          <Button onClick={() => location.reload()}>Reload the page</Button>
        </div>
      </Message>
    );
  }
}
