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
    private readonly TimeProvider _time;

    /// <summary>Starts a new event file in a folder, named so that TensorBoard finds it.</summary>
    /// <param name="folder">The run's folder; must exist.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <exception cref="UserErrorException">The file cannot be made.</exception>
    public TensorBoardWriter(string folder, TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        string name = $"events.out.tfevents.{_time.GetUtcNow().ToUnixTimeSeconds():D10}.focalsharp.{Environment.ProcessId}.{Guid.NewGuid().ToString("N")[..8]}";
        Path = System.IO.Path.Combine(folder, name);
        try
        {
            _stream = new FileStream(Path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite, 1 << 14);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{Path}: cannot be written ({exception.Message}).", exception);
        }

        WriteEvent(new ProtobufWriter().Text(3, "brain.Event:2"));
    }

    /// <summary>The event file.</summary>
    public string Path { get; }

    /// <summary>Records one number.</summary>
    /// <param name="tag">Curve, e.g. <c>loss/quality</c>; the part before the slash groups curves.</param>
    /// <param name="step">Position on the x axis.</param>
    /// <param name="value">The number; NaN is kept and shown as a gap.</param>
    public void AddScalar(string tag, long step, double value) =>
        WriteSummary(step, new ProtobufWriter().Text(1, tag).Float(2, (float)value));

    /// <summary>Records one picture.</summary>
    /// <param name="tag">Its name.</param>
    /// <param name="step">The step that it belongs to.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="encoded">The picture's PNG or JPEG file.</param>
    public void AddImage(string tag, long step, int width, int height, ReadOnlySpan<byte> encoded)
    {
        const int Rgb = 3;
        ProtobufWriter image = new ProtobufWriter().Integer(1, height).Integer(2, width).Integer(3, Rgb).Bytes(4, encoded);
        WriteSummary(step, new ProtobufWriter().Text(1, tag).Message(4, image));
    }

    /// <summary>Hands what was recorded to the operating system, so that a watching TensorBoard sees it.</summary>
    /// <exception cref="UserErrorException">The disk is full or gone.</exception>
    public void Flush() => Guard(_stream.Flush);

    /// <summary>Brings what was recorded to the disk itself and tells the file's length in bytes.</summary>
    /// <exception cref="UserErrorException">The disk is full or gone.</exception>
    public long Sync()
    {
        Guard(() => _stream.Flush(flushToDisk: true));
        return _stream.Length;
    }

    /// <summary>
    /// Cuts the event files of a folder back to what they were, for a run that goes on from then in a file of its own: what was recorded
    /// later will be recorded again, and would show twice.
    /// </summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="lengths">Names and lengths of the files then.</param>
    /// <exception cref="UserErrorException">A file cannot be written.</exception>
    public static void Cut(string folder, IReadOnlyDictionary<string, long> lengths)
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
                throw new UserErrorException($"{path}: cannot be written ({exception.Message}).", exception);
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
    internal static uint MaskedCrc(ReadOnlySpan<byte> data)
    {
        uint crc = Crc32C(data);
        return BitOperations.RotateRight(crc, 15) + 0xa282ead8u;
    }

    /// <summary>CRC-32C (Castagnoli), as RFC 3720 gives it.</summary>
    internal static uint Crc32C(ReadOnlySpan<byte> data)
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
        WriteEvent(new ProtobufWriter().Integer(2, step).Message(5, new ProtobufWriter().Message(1, value)));

    private void WriteEvent(ProtobufWriter content)
    {
        double seconds = _time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;
        byte[] data = [.. new ProtobufWriter().Double(1, seconds).Written, .. content.Written];
        byte[] frame = new byte[12 + data.Length + 4];
        BinaryPrimitives.WriteInt64LittleEndian(frame, data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(8), MaskedCrc(frame.AsSpan(0, 8)));
        data.CopyTo(frame, 12);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(12 + data.Length), MaskedCrc(data));
        Guard(() => _stream.Write(frame));
    }

    private void Guard(Action write)
    {
        try
        {
            write();
        }
        catch (IOException exception)
        {
            throw new UserErrorException($"{Path}: cannot be written ({exception.Message}). Free space; what was recorded before is kept.", exception);
        }
    }
}
