using System.Buffers.Binary;
using System.Numerics;
using FocalSharp.Training.Data;

namespace FocalSharp.Training.Loop;

/// <summary>
/// Writes scalars and images as TensorBoard event files. A file is a sequence of TFRecords, each an <c>Event</c> protobuf message framed by
/// its length and masked CRC-32C checksums.
/// </summary>
internal sealed class TensorBoardWriter : IDisposable
{
    private readonly FileStream _stream;
    private readonly TimeProvider _timeProvider;

    /// <summary>Creates a new event file in a folder, named so that TensorBoard finds it.</summary>
    /// <param name="folder">The run's folder; must exist.</param>
    /// <param name="time">The time provider; null for the system's.</param>
    /// <exception cref="FileException">The file cannot be created.</exception>
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
            throw new FileException($"{Path}: cannot be written ({exception.Message}).", exception) { Path = Path };
        }

        WriteEvent(new ProtobufWriter().WriteString(3, "brain.Event:2"));
    }

    /// <summary>Gets the event file.</summary>
    public string Path { get; }

    /// <summary>Adds a number.</summary>
    /// <param name="tag">The curve, for example <c>loss/quality</c>; the part before the slash groups curves.</param>
    /// <param name="step">The position on the x axis.</param>
    /// <param name="value">The number; NaN is shown as a gap.</param>
    public void AddScalar(string tag, long step, double value) =>
        WriteSummary(step, new ProtobufWriter().WriteString(1, tag).WriteFloat(2, (float)value));

    /// <summary>Adds an image.</summary>
    /// <param name="tag">Its name.</param>
    /// <param name="step">The step that it belongs to.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="encoded">The image as PNG or JPEG.</param>
    public void AddImage(string tag, long step, int width, int height, ReadOnlySpan<byte> encoded)
    {
        const int Rgb = 3;
        ProtobufWriter image = new ProtobufWriter().WriteInt64(1, height).WriteInt64(2, width).WriteInt64(3, Rgb).WriteBytes(4, encoded);
        WriteSummary(step, new ProtobufWriter().WriteString(1, tag).WriteMessage(4, image));
    }

    /// <summary>Flushes the file to the operating system, so that TensorBoard shows it.</summary>
    /// <exception cref="FileException">The disk is full or gone.</exception>
    public void Flush() => GuardWrite(_stream.Flush);

    /// <summary>Flushes the file to the disk and returns its length in bytes.</summary>
    /// <exception cref="FileException">The disk is full or gone.</exception>
    public long Sync()
    {
        GuardWrite(() => _stream.Flush(flushToDisk: true));
        return _stream.Length;
    }

    /// <summary>
    /// Truncates the event files of a folder to their lengths at a checkpoint, for a run that continues from it in a new file: later events
    /// will be written again and would be shown twice.
    /// </summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="lengths">Names and lengths of the files at the checkpoint.</param>
    /// <exception cref="FileException">A file cannot be written.</exception>
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
                throw new FileException($"{path}: cannot be written ({exception.Message}).", exception) { Path = path };
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
            // metrics.csv has the same numbers; its log reports the full disk.
        }
    }

    /// <summary>The checksum of TFRecords: CRC-32C, rotated and offset so that checksums of checksums stay sound.</summary>
    internal static uint ComputeMaskedCrc(ReadOnlySpan<byte> data)
    {
        uint crc = Crc32C.Compute(data);
        return BitOperations.RotateRight(crc, 15) + 0xa282ead8u;
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
            throw new FileException($"{Path}: cannot be written ({exception.Message}). Free disk space; earlier events are unchanged.", exception) { Path = Path };
        }
    }
}
