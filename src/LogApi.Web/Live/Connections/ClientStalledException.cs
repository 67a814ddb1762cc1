namespace LogApi.Web.Live.Connections;

/// <summary>A write to a client was not taken in time.</summary>
internal sealed class ClientStalledException : Exception;
