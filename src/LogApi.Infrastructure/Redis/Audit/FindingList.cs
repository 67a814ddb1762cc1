using LogApi.Application.Ports;

namespace LogApi.Infrastructure.Redis.Audit;

/// <summary>Findings in the order of the log: the same one of neighbouring entries is one, and no more than a number are kept.</summary>
internal sealed class FindingList
{
    private readonly int _most;
    private readonly List<AuditFinding> _findings;

    public FindingList(int most)
        : this(most, [], 0)
    {
    }

    public FindingList(int most, IEnumerable<AuditFinding> findings, long more)
    {
        _most = most;
        _findings = [.. findings];
        More = more;
    }

    /// <summary>Those that are kept.</summary>
    public IReadOnlyList<AuditFinding> Kept => _findings;

    /// <summary>How many others there are.</summary>
    public long More { get; private set; }

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => _findings.Count == 0;

    /// <summary>Adds one about an entry.</summary>
    public void Add(long sequence, string check, string what) => Add(new AuditFinding(sequence, sequence, check, what));

    /// <summary>Adds one about the log as a whole.</summary>
    public void Add(string check, string what) => Add(new AuditFinding(From: null, To: null, check, what));

    /// <summary>Adds one.</summary>
    public void Add(AuditFinding finding)
    {
        if (_findings.Count > 0 && _findings[^1] is { To: { } end } last && finding.From == end + 1 && last.Check == finding.Check && last.What == finding.What)
            _findings[^1] = last with { To = finding.To };
        else if (finding.From is null && _findings.Contains(finding)) return;
        else if (_findings.Count < _most) _findings.Add(finding);
        else More++;
    }

    /// <summary>Adds all of another list.</summary>
    public void Add(FindingList others)
    {
        foreach (var finding in others._findings) Add(finding);
        More += others.More;
    }
}
