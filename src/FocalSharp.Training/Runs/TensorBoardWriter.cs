using System.Buffers.Binary;
using System.Numerics;

namespace FocalSharp.Training.Runs;

/// <summary>
/// Writes scalars and pictures as TensorBoard event files (<c>tensorboard --logdir runs</c>). A file is a sequence of TFRecords,
/// each an <c>Event</c> protobuf message framed by its length and masked CRC-32C checksums.
/// </summary>
public sealed class TensorBoardWriter : IDisposable
{
    private readonly FileStream _stream;
    private readonly TimeProvider _timeProvider;

    /// <summary>Starts a new event file in a folder, named so that TensorBoard finds it.</summary>
    /// <param name="folder">The run's folder; must exist.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <exception cref="FocalSharpException">The file cannot be made.</exception>
    public TensorBoardWriter(string folder, TimeProvider? time = null)
    {
        _timeProvider = time ?? TimeProvider.System;
        string name = $"events.out.tfevents.{_timeProvider.GetUtcNow().ToUnixTimeSeconds():D10}.focalsharp.{Environment.ProcessId}.{Guid.NewGuid().ToString("N")[..8]}";
        Path = System.IO.Path.Combine(folder, name);
        try
        {
            _stream = new FileStream(Path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite, 1 << 14);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FocalSharpException($"{Path}: cannot be written ({exception.Message}).", exception);
        }

        WriteEvent(new ProtobufWriter().WriteString(3, "brain.Event:2"));
    }

    /// <summary>The event file.</summary>
    public string Path { get; }

    /// <summary>Records one number.</summary>
    /// <param name="tag">Curve, e.g. <c>loss/quality</c>; the part before the slash groups curves.</param>
    /// <param name="step">Position on the x axis.</param>
    /// <param name="value">The number; NaN is kept and shown as a gap.</param>
    public void AddScalar(string tag, long step, double value) =>
        WriteSummary(step, new ProtobufWriter().WriteString(1, tag).WriteFloat(2, (float)value));

    /// <summary>Records one picture.</summary>
    /// <param name="tag">Its name.</param>
    /// <param name="step">The step that it belongs to.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="encoded">The picture's PNG or JPEG file.</param>
    public void AddImage(string tag, long step, int width, int height, ReadOnlySpan<byte> encoded)
    {
        const int Rgb = 3;
        ProtobufWriter image = new ProtobufWriter().WriteInt64(1, height).WriteInt64(2, width).WriteInt64(3, Rgb).WriteBytes(4, encoded);
        WriteSummary(step, new ProtobufWriter().WriteString(1, tag).WriteMessage(4, image));
    }

    /// <summary>Hands what was recorded to the operating system, so that a watching TensorBoard sees it.</summary>
    /// <exception cref="FocalSharpException">The disk is full or gone.</exception>
    public void Flush() => GuardWrite(_stream.Flush);

    /// <summary>Brings what was recorded to the disk itself and tells the file's length in bytes.</summary>
    /// <exception cref="FocalSharpException">The disk is full or gone.</exception>
    public long Sync()
    {
        GuardWrite(() => _stream.Flush(flushToDisk: true));
        return _stream.Length;
    }

    /// <summary>
    /// Cuts the event files of a folder back to what they were, for a run that goes on from then in a file of its own: what was recorded
    /// later will be recorded again, and would show twice.
    /// </summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="lengths">Names and lengths of the files then.</param>
    /// <exception cref="FocalSharpException">A file cannot be written.</exception>
    public static void Truncate(string folder, IReadOnlyDictionary<string, long> lengths)
    {
        foreach (string path in Directory.GetFiles(folder, "events.out.tfevents.*.focalsharp.*"))
        {
            try
            {
                if (!lengths.TryGetValue(System.IO.Path.GetFileName(path), out long length))
                {
                    File.Delete(path);
                }
                else if (new FileInfo(path).Length > length)
                {
                    using FileStream stream = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
                    stream.SetLength(length);
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new FocalSharpException($"{path}: cannot be written ({exception.Message}).", exception);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            _stream.Dispose();
        }
        catch (IOException)
        {
            // The curves stand in metrics.csv as well, whose log has told of it.
        }
    }

    /// <summary>The checksum of TFRecords: CRC-32C, rotated and offset so that checksums of checksums stay sound.</summary>
    internal static uint ComputeMaskedCrc(ReadOnlySpan<byte> data)
    {
        uint crc = ComputeCrc32C(data);
        return BitOperations.RotateRight(crc, 15) + 0xa282ead8u;
    }

    /// <summary>CRC-32C (Castagnoli), as RFC 3720 gives it.</summary>
    internal static uint ComputeCrc32C(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in data)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }

    // Event: wall_time 1 (double), step 2 (int64), file_version 3 (string), summary 5 (Summary { repeated Value value = 1 }).
    private void WriteSummary(long step, ProtobufWriter value) =>
        WriteEvent(new ProtobufWriter().WriteInt64(2, step).WriteMessage(5, new ProtobufWriter().WriteMessage(1, value)));

    private void WriteEvent(ProtobufWriter content)
    {
        double seconds = _timeProvider.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;
        byte[] data = [.. new ProtobufWriter().WriteDouble(1, seconds).WrittenSpan, .. content.WrittenSpan];
        byte[] frame = new byte[12 + data.Length + 4];
        BinaryPrimitives.WriteInt64LittleEndian(frame, data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(8), ComputeMaskedCrc(frame.AsSpan(0, 8)));
        data.CopyTo(frame, 12);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(12 + data.Length), ComputeMaskedCrc(data));
        GuardWrite(() => _stream.Write(frame));
    }

    private void GuardWrite(Action write)
    {
        try
        {
            write();
        }
        catch (IOException exception)
        {
            throw new FocalSharpException($"{Path}: cannot be written ({exception.Message}). Free space; what was recorded before is kept.", exception);
        }
    }
}
