using System.Globalization;
using System.Text;

namespace LogApi.Benchmarks.Clients;

/// <summary>
/// Entries as services write them: a few dozen statements, each time with other numbers, names and times. The same seed gives
/// the same entries. Stored, one takes about 290 bytes of JSON.
/// </summary>
internal sealed class RealisticEntries(int seed)
{
    private static readonly string[] Statements =
    [
        "SELECT id, name, email FROM customers WHERE region = '{0}' AND customer_id = {1} ORDER BY name",
        "UPDATE orders SET state = 'shipped', shipped_at = '{2}' WHERE order_id = {1}",
        "INSERT INTO payments (account, amount, currency) VALUES ({1}, {3}, 'EUR')",
        "SELECT COUNT(*) FROM sessions WHERE user_id = {1} AND expires_at > '{2}'",
        "DELETE FROM carts WHERE owner = '{0}' AND updated_at < '{2}'",
        "SELECT o.id, o.total FROM orders o JOIN customers c ON c.id = o.customer_id WHERE c.email = '{0}@example.com'",
        "CALL close_account({1}, '{0}')",
        "UPDATE inventory SET quantity = quantity - {3} WHERE sku = 'SKU-{1}'",
        "GRANT SELECT ON reports_{1} TO {0}",
        "SELECT balance FROM accounts WHERE iban = 'DE{1}{1}' FOR UPDATE",
        "INSERT INTO audit_notes (author, subject, body) VALUES ('{0}', {1}, 'checked on {2}')",
        "GET /api/customers/{1}/invoices?from={2}&page={3}",
    ];

    private static readonly string[] Names =
    [
        "alice", "bruno", "carla", "deniz", "elena", "farid", "greta", "hugo", "ines", "jonas", "kaja", "liam", "mira", "noel",
        "olga", "pablo", "quinn", "rosa", "samir", "tilda", "ugo", "vera", "wanda", "xaver", "yara", "zeno",
    ];

    private readonly Random _random = new(seed);

    /// <summary>Builds an NDJSON body of so many entries.</summary>
    public byte[] Lines(int count)
    {
        var lines = new StringBuilder(count * 130);
        for (var i = 0; i < count; i++)
        {
            var query = string.Format(
                CultureInfo.InvariantCulture, Statements[_random.Next(Statements.Length)], Name(), _random.Next(10_000, 100_000_000), Time(), _random.Next(1, 500));
            lines.Append(CultureInfo.InvariantCulture, $$"""{"query":"{{query}}","status":"{{Status()}}"}""").Append('\n');
        }

        return Encoding.UTF8.GetBytes(lines.ToString());
    }

    private string Name() => Names[_random.Next(Names.Length)] + _random.Next(1000).ToString(CultureInfo.InvariantCulture);

    private string Time() =>
        DateTimeOffset.UnixEpoch.AddSeconds(1_780_000_000L + _random.Next(10_000_000)).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private string Status() => _random.Next(100) switch
    {
        < 88 => "SUCCESS",
        < 95 => "ERROR",
        < 98 => "DENIED",
        _ => "TIMEOUT",
    };
}
