using System.Net.Sockets;
using LogApi.Application.Common.Errors;
using Microsoft.AspNetCore.Connections;

namespace LogApi.Web.Hosting;

/// <summary>Turns a start that can't succeed into one line on standard error and exit code 1.</summary>
internal static class StartFailure
{
    /// <summary>Runs the program.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> ReportAsync(Func<Task> program)
    {
        try
        {
            await program();
            return 0;
        }
        catch (StartRefusedException refused)
        {
            await Console.Error.WriteLineAsync(refused.Message);
            return 1;
        }
    }

    /// <summary>Starts the application; an address that can't be listened at is refused in plain words.</summary>
    /// <exception cref="StartRefusedException">The address is in use, not allowed or not an address.</exception>
    public static async Task StartOrRefuseAsync(this WebApplication app)
    {
        try
        {
            await app.StartAsync();
        }
        catch (Exception fault) when (IsOfTheAddress(fault))
        {
            // What has been started already ends in order.
            await app.StopAsync();
            var address = app.Configuration[WebHostDefaults.ServerUrlsKey] ?? "the address that is set";
            throw new StartRefusedException(
                $"Can't listen at {address}: {fault.Message.TrimEnd('.')}. Give another address with --urls or ASPNETCORE_URLS.", fault);
        }
    }

    private static bool IsOfTheAddress(Exception fault) =>
        fault is IOException { InnerException: AddressInUseException } or SocketException or FormatException;
}
