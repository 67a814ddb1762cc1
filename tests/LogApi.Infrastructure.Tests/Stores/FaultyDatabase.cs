using System.Reflection;
using StackExchange.Redis;

namespace LogApi.Infrastructure.Tests.Stores;

/// <summary>
/// A store whose client ends, or stops for a while, at a command that the test chooses: what was sent before takes effect, what
/// would come after it does not.
/// </summary>
public class FaultyDatabase : DispatchProxy
{
    private IDatabase _inner = null!;
    private int _left;
    private Func<Task>? _pause;
    private bool _losesReply;

    // A client that waits keeps a thread, of which the pool has few at first.
    static FaultyDatabase() => ThreadPool.SetMinThreads(16, 16);

    /// <summary>Makes a client that ends after so many commands.</summary>
    public static IDatabase EndingAfter(IDatabase inner, int commands) => Make(inner, commands, pause: null);

    /// <summary>Makes a client that waits once, after so many commands, before it goes on.</summary>
    public static IDatabase PausingAfter(IDatabase inner, int commands, Func<Task> pause) => Make(inner, commands, pause);

    /// <summary>Makes a client that loses the reply to one command, the one after so many others; the store has acted on it.</summary>
    public static IDatabase LosingReplyAfter(IDatabase inner, int commands)
    {
        var proxy = Make(inner, commands, pause: null);
        ((FaultyDatabase)(object)proxy)._losesReply = true;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        ArgumentNullException.ThrowIfNull(targetMethod);
        if (typeof(Task).IsAssignableFrom(targetMethod.ReturnType) && Interlocked.Decrement(ref _left) < 0)
        {
            if (_losesReply && _left == -1)
            {
                ((Task)targetMethod.Invoke(_inner, args)!).GetAwaiter().GetResult();
                throw new TimeoutException("The reply is lost.");
            }

            if (_pause is null && !_losesReply) throw new ClientEndedException();
            if (_pause is not null && _left == -1) Task.Run(_pause).Wait();
        }

        try
        {
            return targetMethod.Invoke(_inner, args);
        }
        catch (TargetInvocationException fault)
        {
            throw fault.InnerException!;
        }
    }

    private static IDatabase Make(IDatabase inner, int commands, Func<Task>? pause)
    {
        var proxy = Create<IDatabase, FaultyDatabase>();
        var faulty = (FaultyDatabase)(object)proxy;
        (faulty._inner, faulty._left, faulty._pause) = (inner, commands, pause);
        return proxy;
    }
}

/// <summary>The client has ended, as if its process had been killed.</summary>
public sealed class ClientEndedException : Exception;
