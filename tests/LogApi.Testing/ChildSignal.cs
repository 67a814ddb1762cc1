using System.ComponentModel;
using System.Runtime.InteropServices;

namespace LogApi.Testing;

/// <summary>Signals (POSIX numbers, those of Linux) for processes that a test has started.</summary>
internal static partial class ChildSignal
{
    private const int Interrupt = 2;
    private const int Kill = 9;
    private const int Terminate = 15;
    private const int Continue = 18;
    private const int Stop = 19;
    private const int NoSuchProcess = 3;

    public static void SendInterrupt(int processId) => Send(processId, Interrupt);

    public static void SendKill(int processId) => Send(processId, Kill);

    public static void SendTerminate(int processId) => Send(processId, Terminate);

    public static void SendContinue(int processId) => Send(processId, Continue);

    public static void SendStop(int processId) => Send(processId, Stop);

    private static void Send(int processId, int signal)
    {
        if (SendSignal(processId, signal) == 0) return;
        var error = Marshal.GetLastPInvokeError();
        if (error != NoSuchProcess) throw new Win32Exception(error);
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SendSignal(int processId, int signal);
}
