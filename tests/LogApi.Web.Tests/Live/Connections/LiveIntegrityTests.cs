using LogApi.Application.Ports;
using LogApi.Testing;
using Moq;

namespace LogApi.Web.Tests.Live.Connections;

[Parallelizable(ParallelScope.All)]
public sealed class LiveIntegrityTests
{
    [Test]
    public async Task Refusal_ComesAndGoes_IsToldToEachClientInTurnWithTheEntries()
    {
        await using var server = await LiveServer.StartAsync();
        using var client = await server.ConnectAsync("/ws/stream");
        server.Log.Append(Some.Entry());
        Assert.That(await client.ReceiveSeqAsync(), Is.Zero);

        Refuse(server.Log.Tree, "The store lost its end.");
        var refused = await client.ReceiveAsync();
        server.Log.Append(Some.Entry());
        Assert.That(await client.ReceiveSeqAsync(), Is.EqualTo(1), "entries go on");
        Refuse(server.Log.Tree, refusal: null);
        var over = await client.ReceiveAsync();

        Assert.That(refused.GetRawText(), Is.EqualTo("""{"type":"integrity","state":"refused","reason":"The store lost its end."}"""));
        Assert.That(over.GetRawText(), Is.EqualTo("""{"type":"integrity","state":"ok"}"""));
    }

    [Test]
    public async Task Connect_WhileNothingIsSigned_IsToldBehindTheHistory()
    {
        await using var server = await LiveServer.StartAsync();
        Refuse(server.Log.Tree, "The store lost its end.");
        using var client = await server.ConnectAsync("/ws/logs");

        Assert.That((await client.ReceiveAsync()).GetProperty("type").GetString(), Is.EqualTo("logs_response"));
        Assert.That((await client.ReceiveAsync()).GetProperty("reason").GetString(), Is.EqualTo("The store lost its end."));
    }

    [Test]
    public async Task Connect_AfterItIsOver_IsToldNothing()
    {
        await using var server = await LiveServer.StartAsync();
        Refuse(server.Log.Tree, "The store lost its end.");
        Refuse(server.Log.Tree, refusal: null);
        using var client = await server.ConnectAsync("/ws/stream");
        server.Log.Append(Some.Entry());

        Assert.That(await client.ReceiveSeqAsync(), Is.Zero);
    }

    private static void Refuse(Mock<ITransparencyLog> tree, string? refusal)
    {
        tree.Setup(log => log.Refusal).Returns(refusal);
        tree.Raise(log => log.RefusalChanged += null);
    }
}
