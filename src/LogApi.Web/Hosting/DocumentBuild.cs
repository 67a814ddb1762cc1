using System.Reflection;

namespace LogApi.Web.Hosting;

/// <summary>
/// Tells whether the program runs inside the build, which starts it to ask for its OpenAPI document. It then opens no store,
/// needs no secret and writes no file.
/// </summary>
internal static class DocumentBuild
{
    public static bool IsRunning { get; } = Assembly.GetEntryAssembly()?.GetName().Name == "GetDocument.Insider";
}
