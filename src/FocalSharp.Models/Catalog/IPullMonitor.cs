namespace FocalSharp.Models.Catalog;

/// <summary>Receives the progress of a download.</summary>
internal interface IPullMonitor
{
    /// <summary>Reports an event.</summary>
    void Info(string line);

    /// <summary>Reports a problem that was handled.</summary>
    void Warn(string line);

    /// <summary>Reports the number of bytes downloaded, and the total if the server states it.</summary>
    void Progress(string what, long done, long? total);
}
