using System.Globalization;

namespace LogApi.Web.Commands;

/// <summary>
/// Shows how far something is: a bar that is drawn over itself on a terminal, and otherwise a line now and then. For use by several
/// threads at once.
/// </summary>
internal sealed class ProgressBar(TextWriter output, bool isTerminal, TimeProvider time)
{
    private const int Width = 30;

    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Line = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly long _begun = time.GetTimestamp();
    private long _drawn = time.GetTimestamp();
    private long _done;

    /// <summary>Adds what was done.</summary>
    public void Add(long total, long done)
    {
        lock (_lock)
        {
            _done += done;
            Show(total);
        }
    }

    /// <summary>Says how much is done.</summary>
    public void Set(long total, long done)
    {
        lock (_lock)
        {
            _done = done;
            Show(total);
        }
    }

    /// <summary>Leaves an empty line where the bar was.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            if (isTerminal) output.Write("\r\u001b[K");
        }
    }

    private void Show(long total)
    {
        if (time.GetElapsedTime(_drawn) < (isTerminal ? Redraw : Line)) return;
        _drawn = time.GetTimestamp();
        var share = total == 0 ? 0 : Math.Min(1, (double)_done / total);
        var rate = _done / Math.Max(0.001, time.GetElapsedTime(_begun).TotalSeconds);
        var text = string.Create(CultureInfo.InvariantCulture, $"{share,6:P1}  {_done:N0} of {total:N0} entries, {rate:N0}/s");
        if (isTerminal)
        {
            var filled = (int)(share * Width);
            output.Write($"\r\u001b[K[{new string('#', filled)}{new string('.', Width - filled)}] {text}");
        }
        else
        {
            output.WriteLine(text.TrimStart());
        }
    }
}
