using System.Globalization;
using System.Text.Json;
using FocalSharp.Cli.Terminal;
using FocalSharp.Models.Catalog;
using Spectre.Console;

namespace FocalSharp.Cli.Verbs;

/// <summary>Runs <c>models</c> and the commands below it.</summary>
internal static class ModelsCommand
{
    /// <summary>Lists what there is and what is here.</summary>
    public static int List(string? json, ConsoleUi ui, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ModelStore store = new();
        JsonOutput output = new(json, ui);
        Table table = Tables.Create(ui, "name", "here", ">fetch", "score as published", "what", "licence");
        foreach (ModelEntry entry in store.Entries)
        {
            table.Row(entry.Name, store.Find(entry) is null ? "no" : "yes", Megabytes(entry.Source.TransferBytes), entry.PublishedScore, entry.Summary, entry.License);
        }

        output.Ui.Write(table);
        output.Ui.Line();
        output.Ui.Dim($"Cache: {store.Folder}");
        output.Ui.Dim("Fetch one: focalsharp models pull NAME; then its name goes wherever a weights file does.");
        output.Write(() => Json(store));
        return ExitCodes.Success;
    }

    /// <summary>Fetches one and says what it is and what to do with it.</summary>
    public static async Task<int> PullAsync(string name, string? from, ConsoleUi ui, CancellationToken cancellationToken)
    {
        ModelStore store = new();
        ModelEntry entry = store.Get(name);
        ui.Heading($"{entry.Name}: {entry.Summary}");
        ui.Field("Score", $"{entry.PublishedScore}, as published");
        ui.Field("Licence", entry.License);
        ui.Field("Origin", entry.Source.Origin);
        PullResult pulled = await PullDisplay.ShowAsync(ui, monitor => store.PullAsync(entry, from, monitor, cancellationToken));
        WriteResults(pulled, ui);
        return ExitCodes.Success;
    }

    /// <summary>Prints a path.</summary>
    public static int PrintPath(string name, ConsoleUi ui, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ModelStore store = new();
        ui.Raw(store.Open(store.Get(name)).Path + "\n");
        return ExitCodes.Success;
    }

    /// <summary>Removes one.</summary>
    public static int Remove(string name, ConsoleUi ui, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ModelStore store = new();
        ModelEntry entry = store.Get(name);
        if (store.Remove(entry))
        {
            ui.Success($"{entry.Name} is removed from {store.Folder}");
        }
        else
        {
            ui.Line($"{entry.Name} was not in {store.Folder}");
        }

        return ExitCodes.Success;
    }

    private static void WriteResults(PullResult pulled, ConsoleUi ui)
    {
        StoredModel model = pulled.Model;
        foreach (VerifiedFile source in model.Sources)
        {
            ui.Field("Checked", string.Create(CultureInfo.InvariantCulture, $"{source.Name}, {source.Bytes:N0} bytes, SHA-256 {source.Sha256}"));
        }

        ui.Field("Weights", string.Create(CultureInfo.InvariantCulture, $"{model.Path}, {model.Bytes:N0} bytes, SHA-256 {model.Sha256}"));
        ui.Field("Notice", Path.Combine(model.Folder, "NOTICE.txt"));
        ui.Success(pulled.AlreadyCached
            ? $"{model.Entry.Name} was here already; it is verified and needs no network."
            : $"{model.Entry.Name} is here now, verified, and needs no network any more.");
        ui.Line();
        ui.Line("Try next:");
        if (model.Entry.Kind == ModelKind.Detector)
        {
            ui.Line($"  focalsharp predict --weights {model.Entry.Name} YOUR_PHOTO.jpg      finds objects, draws them");
        }

        string options = model.Entry.TrainOptions is { Length: > 0 } more ? $" {more}" : "";
        ui.Line($"  focalsharp train YOUR_DATASET --weights {model.Entry.Name}{options}      trains on your own images from here");
    }

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0} MB");

    private static string Json(ModelStore store) => JsonText.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("cache", store.Folder);
        writer.WriteStartArray("models");
        foreach (ModelEntry entry in store.Entries)
        {
            WriteEntry(writer, entry, store.Find(entry));
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static void WriteEntry(Utf8JsonWriter writer, ModelEntry entry, StoredModel? stored)
    {
        writer.WriteStartObject();
        writer.WriteString("name", entry.Name);
        writer.WriteString("summary", entry.Summary);
        writer.WriteString("kind", entry.Kind.ToString().ToLowerInvariant());
        writer.WriteString("score", entry.PublishedScore);
        writer.WriteString("licence", entry.License);
        writer.WriteString("origin", entry.Source.Origin);
        writer.WriteNumber("fetch_bytes", entry.Source.TransferBytes);
        if (stored is not null)
        {
            writer.WriteString("path", stored.Path);
            writer.WriteNumber("bytes", stored.Bytes);
            writer.WriteString("sha256", stored.Sha256);
        }

        writer.WriteEndObject();
    }
}
