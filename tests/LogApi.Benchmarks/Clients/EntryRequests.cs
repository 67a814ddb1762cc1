using System.Text;

namespace LogApi.Benchmarks.Clients;

/// <summary>Requests that write an entry, as bytes, made before the clock starts.</summary>
internal static class EntryRequests
{
    private const int Variants = 64;

    private static readonly string[] Statements =
    [
        "SELECT id, name, email FROM customers WHERE region = {0} AND active = 1 ORDER BY name",
        "UPDATE orders SET state = 'shipped', shipped_at = NOW() WHERE order_id = {0}",
        "INSERT INTO payments (account, amount, currency) VALUES ({0}, 129.90, 'EUR')",
        "SELECT COUNT(*) FROM sessions WHERE user_id = {0} AND expires_at > NOW()",
    ];

    /// <summary>Builds requests whose queries are 60 to 100 characters and whose statuses are mostly <c>SUCCESS</c>.</summary>
    public static byte[][] Build(string method, string path, string token) =>
        [.. Enumerable.Range(0, Variants).Select(i => Build(method, path, token, Body(i)))];

    /// <summary>Builds one request with a JSON body.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">The path.</param>
    /// <param name="token">The session's token; empty for none.</param>
    /// <param name="body">The body.</param>
    /// <param name="more">More header lines, each with its end.</param>
    public static byte[] Build(string method, string path, string token, string body, string more = "")
    {
        var authorization = token.Length == 0 ? "" : $"Authorization: Bearer {token}\r\n";
        return Encoding.UTF8.GetBytes(
            $"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{authorization}{more}Content-Type: application/json\r\n"
            + $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
    }

    private static string Body(int i)
    {
        var query = Statements[i % Statements.Length].Replace("{0}", $"{100_000 + (i * 7919)}", StringComparison.Ordinal);
        return $$"""{"query":"{{query}}","status":"{{(i % 10 == 9 ? "ERROR" : "SUCCESS")}}"}""";
    }
}
