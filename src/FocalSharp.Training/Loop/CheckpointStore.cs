using System.Security.Cryptography;
using System.Text;
using FocalSharp.Checkpoints;

namespace FocalSharp.Training.Loop;

/// <summary>
/// The last two checkpoints of a run, <c>checkpoint-STEP.safetensors</c>, each with a SHA-256 of its content. A checkpoint is written to a
/// temporary file, flushed and renamed before older ones are deleted, so that a crash at any moment leaves a complete one.
/// </summary>
/// <param name="folder">The folder of the checkpoints.</param>
internal sealed class CheckpointStore(string folder)
{
    private const int MaxCheckpoints = 2;
    private const string ChecksumKey = "sha256";
    private const string FilePattern = "checkpoint-*.safetensors";
    private const string FirstFilePattern = "state-*.safetensors"; // of version 0.1

    /// <summary>Saves a checkpoint.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <exception cref="FileException">It cannot be written; earlier checkpoints are unchanged.</exception>
    public void Write(RunCheckpoint checkpoint)
    {
        StateDict state = checkpoint.ToStateDict();
        Dictionary<string, string> metadata = new(state.Metadata) { [ChecksumKey] = ComputeChecksum(state) };
        SafetensorsFile.Write(Path.Combine(folder, $"checkpoint-{checkpoint.NextStep:D9}.safetensors"), state, metadata);
        foreach (string old in ListFiles(FilePattern).Skip(MaxCheckpoints))
        {
            File.Delete(old);
        }
    }

    /// <summary>Reads the newest complete checkpoint.</summary>
    /// <param name="warn">Receives a message for each damaged file.</param>
    /// <returns>The checkpoint, or null if there is none.</returns>
    /// <exception cref="TrainingException">There are checkpoints, but none is complete, or they are of version 0.1.</exception>
    public RunCheckpoint? ReadNewest(Action<string> warn)
    {
        if (File.Exists(folder))
        {
            throw new TrainingException($"{folder}: is a file where the folder of the run's checkpoints should be. Restore the folder, or start a new run.");
        }

        string[] files = ListFiles(FilePattern);
        if (files.Length == 0 && ListFiles(FirstFilePattern).Length > 0)
        {
            throw new TrainingException(
                $"{folder}: the checkpoints were written by FocalSharp 0.1 and cannot be resumed by this version. Finish the run with version 0.1, "
                + "or start a new run from its weights.");
        }

        List<(string Path, string Problem)> errors = [];
        foreach (string path in files)
        {
            try
            {
                RunCheckpoint checkpoint = Read(path);
                foreach ((string damaged, string error) in errors)
                {
                    warn($"{damaged}: is damaged ({error}); using the checkpoint before it: {Path.GetFileName(path)}, after step {checkpoint.NextStep}.");
                    File.Move(damaged, damaged + ".damaged", overwrite: true); // it must not count as one of the last two
                }

                return checkpoint;
            }
            catch (FocalSharpException exception)
            {
                errors.Add((path, exception.Message));
            }
        }

        return files.Length == 0
            ? null
            : throw new TrainingException(
                $"{string.Join("\n", errors.Select(entry => $"{entry.Path}: is damaged ({entry.Problem})"))}\n"
                + "No checkpoint is left to resume from. The weights of the last epoch may be intact: start a new run from them.");
    }

    /// <summary>Lists files, newest first.</summary>
    private string[] ListFiles(string pattern) =>
        Directory.Exists(folder) ? [.. Directory.GetFiles(folder, pattern).OrderDescending(StringComparer.Ordinal)] : [];

    private static RunCheckpoint Read(string path)
    {
        StateDict stored = SafetensorsFile.Read(path);
        if (!stored.Metadata.TryGetValue(ChecksumKey, out string? expected))
        {
            throw new FileException("it has no checksum");
        }

        StateDict bare = new(stored, stored.Metadata.Where(entry => entry.Key != ChecksumKey).ToDictionary());
        return ComputeChecksum(bare) == expected ? RunCheckpoint.FromStateDict(bare) : throw new FileException("its checksum does not match");
    }

    private static string ComputeChecksum(StateDict state)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((string key, string value) in state.Metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            Append($"{key.Length} {key} {value.Length} {value}\n");
        }

        foreach ((string name, StateTensor tensor) in state.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            Append($"{name.Length} {name} {tensor}\n");
            hash.AppendData(tensor.Data.Span);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Append(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text));
    }
}
